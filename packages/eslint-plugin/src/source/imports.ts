import { childrenOf, type Node, nameOf, part, parts, placeOf, textOf } from './node.ts';

/** A name a module imports. */
export interface Imported {
  readonly local: string;
  /** Its name over there; `default`, or `*` for all of it. Empty for an import that only runs the module. */
  readonly name: string;
  readonly from: string;
  readonly isType: boolean;
  readonly start: number;
}

const requiring: ReadonlySet<string> = new Set(['require', 'getBuiltinModule']);

/** What a module imports, in source order: by `import`, `export … from`, `import()`, `require()`, `getBuiltinModule()`. */
export function importsOf(program: Node): Imported[] {
  const statements = parts(program, 'body').flatMap(ofStatement);
  return [...statements, ...callsIn(program)].toSorted((one, other) => one.start - other.start);
}

function ofStatement(node: Node): Imported[] {
  const from = textOf(part(node, 'source'));
  if (from === undefined) return [];
  const { start } = placeOf(node);
  if (node.type === 'ImportDeclaration') return importsOfDeclaration(node, { from, start });
  if (node.type !== 'ExportNamedDeclaration' && node.type !== 'ExportAllDeclaration') return [];
  return [{ local: '', name: '*', from, isType: node.exportKind === 'type', start }];
}

function importsOfDeclaration(node: Node, { from, start }: { from: string; start: number }): Imported[] {
  const isTypeOnly = node.importKind === 'type';
  const specifiers = parts(node, 'specifiers');
  if (specifiers.length === 0) return [{ local: '', name: '', from, isType: isTypeOnly, start }];
  return specifiers.map((specifier) => ({
    local: nameOf(part(specifier, 'local')) ?? '',
    name: importedName(specifier),
    from,
    isType: isTypeOnly || specifier.importKind === 'type',
    start,
  }));
}

function importedName(specifier: Node): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  const imported = part(specifier, 'imported');
  return nameOf(imported) ?? textOf(imported) ?? '';
}

function callsIn(program: Node): Imported[] {
  const found: Imported[] = [];
  const named = new Set<Node>();
  const waiting = [program];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const init = node.type === 'VariableDeclarator' ? required(part(node, 'init')) : undefined;
    if (init !== undefined) {
      named.add(init.call);
      found.push(...ofPattern(part(node, 'id'), init));
    }
    const call = named.has(node) ? undefined : (required(node) ?? imported(node));
    if (call !== undefined) found.push({ ...call.found, local: '', name: '*' });
    waiting.push(...childrenOf(node));
  }
  return found;
}

interface FoundCall {
  readonly call: Node;
  readonly found: { readonly from: string; readonly isType: false; readonly start: number };
}

function required(node: Node | undefined): FoundCall | undefined {
  if (node?.type !== 'CallExpression' || !requires(part(node, 'callee'))) return undefined;
  return foundAt(node, parts(node, 'arguments')[0]);
}

function requires(callee: Node | undefined): boolean {
  const name = nameOf(callee) ?? nameOf(callee && part(callee, 'property'));
  return name !== undefined && requiring.has(name);
}

function imported(node: Node): FoundCall | undefined {
  return node.type === 'ImportExpression' ? foundAt(node, part(node, 'source')) : undefined;
}

function foundAt(call: Node, source: Node | undefined): FoundCall | undefined {
  const from = textOf(source);
  return from === undefined
    ? undefined
    : { call, found: { from, isType: false, start: placeOf(call).start } };
}

/** What `require` gives is the default export and the namespace in one; a pattern takes names out of it. */
function ofPattern(target: Node | undefined, { found }: FoundCall): Imported[] {
  if (target?.type !== 'ObjectPattern') {
    const local = nameOf(target) ?? '';
    return ['default', '*'].map((name) => ({ ...found, local, name }));
  }
  return parts(target, 'properties').map((property) => ({
    ...found,
    local: nameOf(part(property, 'value')) ?? '',
    name: nameOf(part(property, 'key')) ?? '*',
  }));
}
