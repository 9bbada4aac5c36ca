import { type Call, namesIn } from '../facts.ts';
import { propertyOf, textOf } from '../node.ts';
import type { FileRule } from '../rule.ts';
import { wrapperNames } from './wrappers.ts';

const messagingModules =
  /^(@nats-io\/.+|nats|kafkajs|@confluentinc\/kafka-javascript|node-rdkafka|amqplib|amqp-connection-manager|rhea|@google-cloud\/pubsub|@aws-sdk\/client-sqs|@azure\/service-bus|bullmq|pg-boss)$/;
const consuming = /(^|\.)(subscribe|consume|eachMessage|eachBatch|fetch|work|receive|process)$/;
const consumerClasses: readonly string[] = ['Worker', 'ReceiveMessageCommand', 'Consumer'];

/** A module that consumes messages opens a processing span for each. */
export const consumers: FileRule = (module, { names, report }) => {
  const messaging = module.imports.filter(({ from, isType }) => !isType && messagingModules.test(from));
  if (messaging.length === 0) return;
  const wrappers = wrapperNames(module, names);
  const opensSpan = module.facts.calls.some(
    (call) => opensConsumerSpan(call) || wrappers.has(call.callee.split('.')[0] ?? ''),
  );
  if (opensSpan) return;
  const imported = new Set(messaging.map(({ local }) => local));
  for (const call of module.facts.calls.filter((candidate) => consumes(candidate, imported))) {
    const message =
      'a consumer opens a span of kind consumer for each message, with correlation_id, event.type, event.id and subject.';
    report('consumer-span', call.start, message);
  }
};

function consumes({ callee }: Call, imported: ReadonlySet<string>): boolean {
  return consuming.test(callee) || (consumerClasses.includes(callee) && imported.has(callee));
}

/** `startSpan` or `withSpan` with `kind: 'consumer'`, or with `SpanKind.CONSUMER`. */
function opensConsumerSpan({ callee, arguments: given }: Call): boolean {
  if (!/(^|\.)(startSpan|withSpan|startActiveSpan)$/.test(callee)) return false;
  return given.some((argument) => {
    const kind = propertyOf(argument, 'kind');
    return textOf(kind) === 'consumer' || namesIn(kind).has('CONSUMER');
  });
}
