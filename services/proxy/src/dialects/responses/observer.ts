import { isObject, type JsonObject } from '../../json.ts';
import type { CallReport } from '../../providers/call-report.ts';
import type { EventKind, Observer } from '../observer.ts';
import { readResponseUsage } from './usage.ts';

function observe(response: unknown, { answer }: CallReport): void {
  if (!isObject(response)) return;
  answer.name(response.id, response.model);
  if (response.status === 'completed') answer.finish('stop');
  if (isObject(response.incomplete_details)) answer.finish(response.incomplete_details.reason);
  answer.countTokens(readResponseUsage(response.usage), 'provider');
}

/** Events that carry a response as a whole; the last three end the stream. */
const kinds: Readonly<Record<string, EventKind>> = {
  'response.completed': 'end',
  'response.incomplete': 'end',
  'response.failed': 'error',
  error: 'error',
};

function kindOf(type: string): EventKind {
  return kinds[type] ?? (type.endsWith('.delta') ? 'answer' : 'lifecycle');
}

/** Reads responses, whole or in events. */
export const responsesObserver: Observer = {
  endMarker: undefined,
  answer: observe,
  event({ body }, report) {
    if (isObject(body.response)) observe(body.response, report);
    return kindOf(String(body.type));
  },
};

/** The response that an event carries when it ends the stream well. */
export function finishedResponse(event: JsonObject): JsonObject | undefined {
  const ends = event.type === 'response.completed' || event.type === 'response.incomplete';
  return ends && isObject(event.response) ? event.response : undefined;
}
