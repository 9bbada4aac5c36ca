import { childrenOf, isNode, type Node, nameOf, part, parts, placeOf } from './node.ts';

/** A call or a `new`, in source order. */
export interface Call {
  /** What is called, as a path: `process.stdout.write`, `app.register`, `this.#server.listen`. */
  readonly callee: string;
  readonly arguments: readonly Node[];
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
export function collectFacts(program: Node): Facts {
  const calls = new Map<number, Call>();
  const reads: Read[] = [];
  const assign = (value: Node | undefined, target: string) => {
    const call = value && calls.get(placeOf(unwrapped(value)).end);
    if (call !== undefined) call.result = target;
  };
  for (const node of inside(program)) {
    switch (node.type) {
      case 'CallExpression':
      case 'NewExpression': {
        // A call that begins where another does, `a()()`, is told by its end.
        const { start, end } = placeOf(node);
        const callee = pathOf(part(node, 'callee'));
        calls.set(end, { callee, arguments: parts(node, 'arguments'), start, end, result: undefined });
        break;
      }
      case 'MemberExpression':
        if (node.computed === true) break;
        reads.push({
          path: pathOf(part(node, 'object')),
          property: nameOf(part(node, 'property')) ?? '',
          start: placeOf(node).start,
        });
        break;
      case 'VariableDeclarator':
        assign(part(node, 'init'), pathOf(part(node, 'id')));
        break;
      case 'AssignmentExpression':
        assign(part(node, 'right'), pathOf(part(node, 'left')));
        break;
      case 'PropertyDefinition':
        assign(part(node, 'value'), `this.${pathOf(part(node, 'key'))}`);
        break;
      default:
    }
  }
  return { calls: [...calls.values()].toSorted(byStart), reads: reads.toSorted(byStart) };
}

function byStart(one: { start: number }, other: { start: number }): number {
  return one.start - other.start;
}

/** Every node of a program, those inside before those around them. Trees are deeper than stacks of calls. */
function inside(program: Node): Node[] {
  const found: Node[] = [];
  const waiting = [program];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    found.push(node);
    for (const child of childrenOf(node)) waiting.push(child);
  }
  return found.reverse();
}

function unwrapped(node: Node): Node {
  const argument = node.type === 'AwaitExpression' ? part(node, 'argument') : undefined;
  return argument === undefined ? node : unwrapped(argument);
}

/** An expression as a path of names; `?` for what has none. */
export function pathOf(node: Node | undefined): string {
  switch (node?.type) {
    case 'Identifier':
      return nameOf(node) ?? '?';
    case 'PrivateIdentifier':
      return `#${nameOf(node)}`;
    case 'ThisExpression':
      return 'this';
    case 'MemberExpression':
      return node.computed === true
        ? '?'
        : `${pathOf(part(node, 'object'))}.${pathOf(part(node, 'property'))}`;
    case 'ChainExpression':
    case 'TSNonNullExpression':
    case 'ParenthesizedExpression':
      return pathOf(part(node, 'expression'));
    case 'CallExpression':
      return `${pathOf(part(node, 'callee'))}()`;
    default:
      return '?';
  }
}

/** Every name that occurs in parts of a program. */
export function namesIn(roots: Node | undefined | readonly Node[]): Set<string> {
  const names = new Set<string>();
  const waiting: Node[] = Array.isArray(roots) ? [...roots] : isNode(roots) ? [roots] : [];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const name = node.type === 'Identifier' ? nameOf(node) : undefined;
    if (name !== undefined) names.add(name);
    waiting.push(...childrenOf(node));
  }
  return names;
}
