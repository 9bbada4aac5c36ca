import type { JsonObject } from '../../json.ts';
import { callItem, type ItemPlace, messageItem, textPart } from './items.ts';

/** An item of a streamed response while it grows: the events of its beginning, of each piece, and of its end. */
export interface OpenItem {
  readonly kind: 'message' | 'call';
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

/** What the model says, as it says it. */
export function openMessage(place: ItemPlace): OpenItem {
  const pieces: string[] = [];
  const empty = messageItem(place, { status: 'in_progress', content: [] });
  const where = { item_id: empty.id, output_index: place.index, content_index: 0 };
  return {
    kind: 'message',
    begin: () => [added(place, empty), { type: 'response.content_part.added', ...where, part: textPart('') }],
    add(text) {
      pieces.push(text);
      return [{ type: 'response.output_text.delta', ...where, delta: text, logprobs: [] }];
    },
    end() {
      const text = pieces.join('');
      const part = textPart(text);
      const item = messageItem(place, { status: 'completed', content: [part] });
      const events = [
        { type: 'response.output_text.done', ...where, text, logprobs: [] },
        { type: 'response.content_part.done', ...where, part },
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
    kind: 'call',
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
