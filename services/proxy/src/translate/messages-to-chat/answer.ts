import { isObject, type JsonObject } from '../../json.ts';
import { toStopReason } from './stop-reason.ts';
import { toMessageUsage } from './usage.ts';

function readInput(text: unknown): unknown {
  try {
    return JSON.parse(String(text ?? '') || '{}');
  } catch {
    // What a model wrote is not always JSON; the client sees what it was.
    return { arguments: text };
  }
}

function toolUses(message: JsonObject): JsonObject[] {
  const calls: readonly unknown[] = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  return calls.filter(isObject).map(({ id, function: called }) => {
    const { name, arguments: input } = isObject(called) ? called : {};
    return { type: 'tool_use', id, name, input: readInput(input) };
  });
}

function textBlocks({ content, refusal }: JsonObject): JsonObject[] {
  const text = typeof content === 'string' && content !== '' ? content : refusal;
  return typeof text === 'string' && text !== '' ? [{ type: 'text', text }] : [];
}

/** A chat completion as a message of the Messages API. */
export function toMessageBody(completion: JsonObject): JsonObject {
  const [choice] = (Array.isArray(completion.choices) ? completion.choices : []).filter(isObject);
  const message = isObject(choice?.message) ? choice.message : {};
  return {
    id: completion.id,
    type: 'message',
    role: 'assistant',
    model: completion.model,
    content: [...textBlocks(message), ...toolUses(message)],
    stop_reason: toStopReason(choice?.finish_reason),
    stop_sequence: null,
    usage: toMessageUsage(completion.usage),
  };
}
