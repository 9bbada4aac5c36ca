/** A node of a syntax tree in ESTree's form, whichever parser made it. */
export interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Fields that lead out of a node, or say nothing of the program. */
const foreignFields: readonly string[] = ['parent', 'tokens', 'comments', 'loc', 'range', 'start', 'end'];

export function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
  );
}

/** A part of a node; undefined when there is none. */
export function part(node: Node, field: string): Node | undefined {
  const value = node[field];
  return isNode(value) ? value : undefined;
}

/** Several parts of a node, without holes. */
export function parts(node: Node, field: string): readonly Node[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Every node directly below a node, in the order of its fields. */
export function childrenOf(node: Node): Node[] {
  return Object.keys(node).flatMap((field) => {
    if (foreignFields.includes(field)) return [];
    const value = node[field];
    if (Array.isArray(value)) return value.filter(isNode);
    return isNode(value) ? [value] : [];
  });
}

/** Where a node begins and ends in the text: some parsers say it as `range`, some as `start` and `end`. */
export function placeOf(node: Node): { start: number; end: number } {
  const { range } = node;
  if (Array.isArray(range)) return { start: Number(range[0]), end: Number(range[1]) };
  return { start: Number(node.start), end: Number(node.end) };
}

/** The name of an identifier, also a private one; undefined for anything else. */
export function nameOf(node: Node | undefined): string | undefined {
  return typeof node?.name === 'string' ? node.name : undefined;
}

/** The text of a literal, or of a template without holes. */
export function textOf(node: Node | undefined): string | undefined {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node?.type !== 'TemplateLiteral' || parts(node, 'expressions').length > 0) return undefined;
  const [quasi] = parts(node, 'quasis');
  const { cooked } = (quasi?.value ?? {}) as { cooked?: unknown };
  return typeof cooked === 'string' ? cooked : undefined;
}

/** The value of a property of an object that is written out; undefined for any other node. */
export function propertyOf(node: Node | undefined, name: string): Node | undefined {
  if (node?.type !== 'ObjectExpression') return undefined;
  const property = parts(node, 'properties').find(
    (candidate) =>
      candidate.type === 'Property' &&
      (nameOf(part(candidate, 'key')) === name || textOf(part(candidate, 'key')) === name),
  );
  return property && part(property, 'value');
}
