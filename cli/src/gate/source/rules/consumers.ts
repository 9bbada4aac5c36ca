import type { Call } from '../calls.ts';
import { placeAt, type SourceContext } from '../context.ts';
import type { SourceModule } from '../read-module.ts';
import { wrapperNames } from './wrappers.ts';

const messagingModules =
  /^(@nats-io\/.+|nats|kafkajs|@confluentinc\/kafka-javascript|node-rdkafka|amqplib|amqp-connection-manager|rhea|@google-cloud\/pubsub|@aws-sdk\/client-sqs|@azure\/service-bus|bullmq|pg-boss)$/;
const consuming = /(^|\.)(subscribe|consume|eachMessage|eachBatch|fetch|work|receive|process)$/;
const consumerClasses: readonly string[] = ['Worker', 'ReceiveMessageCommand', 'Consumer'];

/** A module that consumes messages opens a processing span for each. */
export function consumers(module: SourceModule, context: SourceContext): void {
  const messaging = module.imports.filter(({ from, isType }) => !isType && messagingModules.test(from));
  if (messaging.length === 0) return;
  const wrappers = wrapperNames(module, context);
  const opensSpan = module.facts.calls.some(
    (call) => opensConsumerSpan(call) || wrappers.has(call.callee.split('.')[0] ?? ''),
  );
  if (opensSpan) return;
  const imported = new Set(messaging.map(({ local }) => local));
  for (const call of module.facts.calls.filter((candidate) => consumes(candidate, imported))) {
    const message =
      'a consumer opens a span of kind consumer for each message, with correlation_id, event.type, event.id and subject.';
    context.report('consumer-span', placeAt(module, call.start), message);
  }
}

function consumes({ callee }: Call, imported: ReadonlySet<string>): boolean {
  return consuming.test(callee) || (consumerClasses.includes(callee) && imported.has(callee));
}

/** `startSpan` or `withSpan` with `kind: 'consumer'`, or with `SpanKind.CONSUMER`. */
function opensConsumerSpan({ callee, arguments: given }: Call): boolean {
  if (!/(^|\.)(startSpan|withSpan|startActiveSpan)$/.test(callee)) return false;
  return given.some(
    (argument) => argument.type === 'ObjectExpression' && argument.properties.some(isConsumerKind),
  );
}

function isConsumerKind(
  property: Extract<Call['arguments'][number], { type: 'ObjectExpression' }>['properties'][number],
): boolean {
  if (property.type !== 'Property' || property.key.type !== 'Identifier') return false;
  return property.key.name === 'kind' && /"(consumer|CONSUMER)"/.test(JSON.stringify(property.value));
}
