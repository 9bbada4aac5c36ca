import type { Argument, Expression, Node, Program } from 'oxc-parser';
import { Visitor } from 'oxc-parser';

/** A call or a `new`, in source order. */
export interface Call {
  /** What is called, as a path: `process.stdout.write`, `app.register`, `this.#server.listen`. */
  readonly callee: string;
  readonly arguments: readonly Argument[];
  readonly start: number;
  readonly end: number;
  /** The variable or property its result becomes, as a path; undefined when it becomes none. */
  result: string | undefined;
}

/** Reads of a property, in source order. */
export interface Read {
  readonly path: string;
  readonly property: string;
  readonly start: number;
}

export interface Facts {
  readonly calls: readonly Call[];
  readonly reads: readonly Read[];
}

/** Walks a program once and notes what the rules ask about. */
export function collectFacts(program: Program): Facts {
  const calls = new Map<number, Call>();
  const reads: Read[] = [];
  const note = (node: { callee: Expression; arguments: Argument[]; start: number; end: number }) => {
    const { arguments: given, start, end } = node;
    // A call that begins where another does, `a()()`, is told by its end.
    calls.set(end, { callee: pathOf(node.callee), arguments: given, start, end, result: undefined });
  };
  const assign = (value: Node | null, target: string) => {
    const call = value === null ? undefined : calls.get(unwrapped(value).end);
    if (call !== undefined) call.result = target;
  };
  new Visitor({
    'CallExpression:exit': note,
    'NewExpression:exit': note,
    MemberExpression(node) {
      if (node.computed) return;
      reads.push({ path: pathOf(node.object), property: node.property.name, start: node.start });
    },
    'VariableDeclarator:exit'(node) {
      assign(node.init, pathOf(node.id));
    },
    'AssignmentExpression:exit'(node) {
      assign(node.right, pathOf(node.left));
    },
    'PropertyDefinition:exit'(node) {
      assign(node.value, `this.${pathOf(node.key)}`);
    },
  }).visit(program);
  return { calls: [...calls.values()].toSorted((one, other) => one.start - other.start), reads };
}

function unwrapped(node: Node): Node {
  return node.type === 'AwaitExpression' ? unwrapped(node.argument) : node;
}

/** An expression as a path of names; `?` for what has none. */
export function pathOf(node: Node): string {
  switch (node.type) {
    case 'Identifier':
      return node.name;
    case 'PrivateIdentifier':
      return `#${node.name}`;
    case 'ThisExpression':
      return 'this';
    case 'MemberExpression':
      return node.computed ? '?' : `${pathOf(node.object)}.${pathOf(node.property)}`;
    case 'ChainExpression':
      return pathOf(node.expression);
    case 'TSNonNullExpression':
    case 'ParenthesizedExpression':
      return pathOf(node.expression);
    case 'CallExpression':
      return `${pathOf(node.callee)}()`;
    default:
      return '?';
  }
}

/** Every name that occurs in a part of a program. */
export function namesIn(node: unknown): Set<string> {
  const names = new Set<string>();
  collectNames(node, names);
  return names;
}

function collectNames(node: unknown, names: Set<string>): void {
  if (Array.isArray(node)) for (const item of node) collectNames(item, names);
  else if (typeof node === 'object' && node !== null) {
    const { type, name } = node as { type?: string; name?: unknown };
    if (type === 'Identifier' && typeof name === 'string') names.add(name);
    for (const value of Object.values(node)) collectNames(value, names);
  }
}
