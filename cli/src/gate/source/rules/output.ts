import { type Call, namesIn } from '../calls.ts';
import { placeAt, type SourceContext } from '../context.ts';
import type { SourceModule } from '../read-module.ts';

const directOutput =
  /^(globalThis\.)?(console\.\w+|process\.(stdout|stderr)\.(write|end)|process\.emitWarning)$/;
const answering = /(^|\.)(reply|response|res|ctx|raw|socket)\b.*\.(send|end|json|write|body)$/;
const errorName = /^(error|err|exception|cause)$/i;
const sanitising = /(^|\.)(redactText|sanitise\w*|sanitize\w*|redact\w*)$/;

/** Nothing leaves a service past the logger, and no answer shows what broke inside. */
export function output(module: SourceModule, { report }: SourceContext): void {
  const ownConsole = declaresConsole(module);
  for (const call of module.facts.calls) {
    if (directOutput.test(call.callee) && !(ownConsole && call.callee.startsWith('console.'))) {
      const message = 'a service writes through telemetry.logger alone, which sanitises.';
      report('output-sanitised', placeAt(module, call.start), message);
    }
    if (answering.test(call.callee) && leaksError(call, module)) {
      const message = 'an answer carries no error as it was thrown: a code, and a text that was sanitised.';
      report('errors-sanitised', placeAt(module, call.start), message);
    }
  }
  for (const { start } of module.facts.reads.filter(({ property }) => property === 'stack')) {
    const message = 'a stack stays inside: give the error itself to telemetry.logger.';
    report('errors-sanitised', placeAt(module, start), message);
  }
}

/** A variable of that name is not the global one. */
function declaresConsole({ text, imports }: SourceModule): boolean {
  return imports.some(({ local }) => local === 'console') || /\b(const|let|var)\s+console\b/.test(text);
}

function leaksError(call: Call, { facts }: SourceModule): boolean {
  const inner = facts.calls.filter(({ start, end }) => start > call.start && end < call.end);
  if (inner.some(({ callee }) => sanitising.test(callee))) return false;
  return call.arguments.some(showsError);
}

type Part = Readonly<Record<string, unknown>> & { readonly type?: string };

/** True for an error itself, its message or its text, alone or as a value of an object, list or template. */
function showsError(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(showsError);
  if (typeof node !== 'object' || node === null) return false;
  const part = node as Part;
  switch (part.type) {
    case 'Identifier':
      return errorName.test(String(part.name));
    case 'MemberExpression':
      return (
        isNamed(part.property, 'message') && [...namesIn(part.object)].some((name) => errorName.test(name))
      );
    case 'CallExpression':
      return (isNamed(part.callee, 'String') || isStringify(part.callee)) && showsError(part.arguments);
    case 'Property':
      return showsError(part.value);
    case 'SpreadElement':
      return showsError(part.argument);
    case 'ObjectExpression':
      return showsError(part.properties);
    case 'ArrayExpression':
      return showsError(part.elements);
    case 'TemplateLiteral':
      return showsError(part.expressions);
    default:
      return false;
  }
}

function isNamed(node: unknown, name: string): boolean {
  return (node as Part | undefined)?.name === name;
}

function isStringify(node: unknown): boolean {
  return isNamed((node as Part | undefined)?.property, 'stringify');
}
