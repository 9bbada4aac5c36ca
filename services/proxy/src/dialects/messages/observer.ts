import { isObject, type JsonObject } from '../../json.ts';
import type { CallReport } from '../../providers/call-report.ts';
import type { EventKind, Observer } from '../observer.ts';
import { mergeUsage, readMessageUsage } from './usage.ts';

/** Counts as they stood at the start of a stream: alone they are no usage, as nothing has been said yet. */
const counts = new WeakMap<CallReport['answer'], JsonObject>();

function start(message: unknown, { answer }: CallReport): void {
  if (!isObject(message)) return;
  answer.name(message.id, message.model);
  counts.set(answer, mergeUsage(undefined, message.usage));
}

function finish({ delta, usage }: JsonObject, { answer }: CallReport): void {
  if (isObject(delta)) answer.finish(delta.stop_reason);
  answer.countTokens(readMessageUsage(mergeUsage(counts.get(answer), usage)), 'provider');
}

function kindOf(type: unknown): EventKind {
  if (type === 'content_block_delta') return 'answer';
  if (type === 'message_stop') return 'end';
  return type === 'error' ? 'error' : 'lifecycle';
}

/** Reads messages, whole or in events. */
export const messagesObserver: Observer = {
  endMarker: undefined,
  answer(body, { answer }) {
    answer.name(body.id, body.model);
    answer.finish(body.stop_reason);
    answer.countTokens(readMessageUsage(body.usage), 'provider');
  },
  event({ body }, report) {
    if (body.type === 'message_start') start(body.message, report);
    if (body.type === 'message_delta') finish(body, report);
    return kindOf(body.type);
  },
};
