import type { JsonObject } from '../../json.ts';
import {
  callItem,
  type ItemPlace,
  messageItem,
  reasoningItem,
  refusalPart,
  summaryPart,
  textPart,
} from './items.ts';

/** An item of a streamed response while it grows: the events of its beginning, of each piece, and of its end. */
export interface OpenItem {
  begin(): JsonObject[];
  add(text: string): JsonObject[];
  end(): { readonly events: JsonObject[]; readonly item: JsonObject };
}

function added(place: ItemPlace, item: JsonObject): JsonObject {
  return { type: 'response.output_item.added', output_index: place.index, item };
}

function done(place: ItemPlace, item: JsonObject): JsonObject {
  return { type: 'response.output_item.done', output_index: place.index, item };
}

interface MessagePart {
  /** The part with this text. */
  readonly part: (text: string) => JsonObject;
  /** The name of its events. */
  readonly name: 'output_text' | 'refusal';
  /** What its events carry beside the text. */
  readonly extra: JsonObject;
}

/** A message of one part, as the model says it. */
function openMessage(place: ItemPlace, { part, name, extra }: MessagePart): OpenItem {
  const pieces: string[] = [];
  const empty = messageItem(place, { status: 'in_progress', content: [] });
  const where = { item_id: empty.id, output_index: place.index, content_index: 0 };
  const textField = name === 'refusal' ? 'refusal' : 'text';
  return {
    begin: () => [added(place, empty), { type: 'response.content_part.added', ...where, part: part('') }],
    add(text) {
      pieces.push(text);
      return [{ type: `response.${name}.delta`, ...where, delta: text, ...extra }];
    },
    end() {
      const text = pieces.join('');
      const item = messageItem(place, { status: 'completed', content: [part(text)] });
      const events = [
        { type: `response.${name}.done`, ...where, [textField]: text, ...extra },
        { type: 'response.content_part.done', ...where, part: part(text) },
        done(place, item),
      ];
      return { events, item };
    },
  };
}

/** What the model says. */
export function openText(place: ItemPlace): OpenItem {
  return openMessage(place, { part: textPart, name: 'output_text', extra: { logprobs: [] } });
}

/** What the model says instead of an answer. */
export function openRefusal(place: ItemPlace): OpenItem {
  return openMessage(place, { part: refusalPart, name: 'refusal', extra: {} });
}

/** What the model thinks, as it thinks it. */
export function openReasoning(place: ItemPlace): OpenItem {
  const pieces: string[] = [];
  const empty = reasoningItem(place, '');
  const where = { item_id: empty.id, output_index: place.index, summary_index: 0 };
  const part = { type: 'response.reasoning_summary_part.added', ...where, part: summaryPart('') };
  return {
    begin: () => [added(place, empty), part],
    add(text) {
      pieces.push(text);
      return [{ type: 'response.reasoning_summary_text.delta', ...where, delta: text }];
    },
    end() {
      const text = pieces.join('');
      const item = reasoningItem(place, text);
      const events = [
        { type: 'response.reasoning_summary_text.done', ...where, text },
        { type: 'response.reasoning_summary_part.done', ...where, part: summaryPart(text) },
        done(place, item),
      ];
      return { events, item };
    },
  };
}

/** A call of a function, as the model writes its arguments. */
export function openCall(place: ItemPlace, call: { callId: unknown; name: unknown }): OpenItem {
  const pieces: string[] = [];
  const empty = callItem(place, { ...call, status: 'in_progress', arguments: '' });
  const where = { item_id: empty.id, output_index: place.index };
  return {
    begin: () => [added(place, empty)],
    add(text) {
      pieces.push(text);
      return [{ type: 'response.function_call_arguments.delta', ...where, delta: text }];
    },
    end() {
      const text = pieces.join('');
      const item = callItem(place, { ...call, status: 'completed', arguments: text });
      const events = [
        { type: 'response.function_call_arguments.done', ...where, name: call.name, arguments: text },
        done(place, item),
      ];
      return { events, item };
    },
  };
}
