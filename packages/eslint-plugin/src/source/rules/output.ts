import { type Call, namesIn } from '../facts.ts';
import type { SourceModule } from '../module.ts';
import { type Node, nameOf, part, parts } from '../node.ts';
import type { FileRule } from '../rule.ts';

const directOutput =
  /^(globalThis\.)?(console\.\w+|process\.(stdout|stderr)\.(write|end)|process\.emitWarning)$/;
const answering = /(^|\.)(reply|response|res|ctx|raw|socket)\b.*\.(send|end|json|write|body)$/;
const errorName = /^(error|err|exception|cause)$/i;
const sanitising = /(^|\.)(redactText|sanitise\w*|sanitize\w*|redact\w*)$/;

/** Nothing leaves a service past the logger, and no answer shows what broke inside. */
export const output: FileRule = (module, { report }) => {
  const ownConsole = declaresConsole(module);
  for (const call of module.facts.calls) {
    if (directOutput.test(call.callee) && !(ownConsole && call.callee.startsWith('console.'))) {
      const message = 'a service writes through telemetry.logger alone, which sanitises.';
      report('output-sanitised', call.start, message);
    }
    if (answering.test(call.callee) && leaksError(call, module)) {
      const message = 'an answer carries no error as it was thrown: a code, and a text that was sanitised.';
      report('errors-sanitised', call.start, message);
    }
  }
  for (const { start } of module.facts.reads.filter(({ property }) => property === 'stack')) {
    const message = 'a stack stays inside: give the error itself to telemetry.logger.';
    report('errors-sanitised', start, message);
  }
};

/** A variable of that name is not the global one. */
function declaresConsole({ text, imports }: SourceModule): boolean {
  return imports.some(({ local }) => local === 'console') || /\b(const|let|var)\s+console\b/.test(text);
}

function leaksError(call: Call, { facts }: SourceModule): boolean {
  const inner = facts.calls.filter(({ start, end }) => start > call.start && end < call.end);
  if (inner.some(({ callee }) => sanitising.test(callee))) return false;
  return call.arguments.some(showsError);
}

/** True for an error itself, its message or its text, alone or as a value of an object, list or template. */
function showsError(node: Node | undefined): boolean {
  if (node === undefined) return false;
  switch (node.type) {
    case 'Identifier':
      return errorName.test(nameOf(node) ?? '');
    case 'MemberExpression':
      return (
        nameOf(part(node, 'property')) === 'message' &&
        [...namesIn(part(node, 'object'))].some((name) => errorName.test(name))
      );
    case 'CallExpression':
      return makesText(part(node, 'callee')) && parts(node, 'arguments').some(showsError);
    case 'Property':
      return showsError(part(node, 'value'));
    case 'SpreadElement':
      return showsError(part(node, 'argument'));
    case 'ObjectExpression':
      return parts(node, 'properties').some(showsError);
    case 'ArrayExpression':
      return parts(node, 'elements').some(showsError);
    case 'TemplateLiteral':
      return parts(node, 'expressions').some(showsError);
    default:
      return false;
  }
}

/** `String` and `JSON.stringify`. */
function makesText(callee: Node | undefined): boolean {
  return nameOf(callee) === 'String' || nameOf(callee && part(callee, 'property')) === 'stringify';
}
