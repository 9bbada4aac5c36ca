import { invalidRequest } from '../../api-error.ts';
import { isObject, type JsonObject } from '../../json.ts';

/** Items that only the provider that wrote them can use; without them the conversation still makes sense. */
const leftOut: readonly unknown[] = ['reasoning'];

function toPart(part: JsonObject, param: string): JsonObject {
  const { type } = part;
  if (type === 'input_text' || type === 'output_text' || type === 'text')
    return { type: 'text', text: part.text };
  if (type === 'refusal') return { type: 'text', text: part.refusal };
  if (type === 'input_image' && typeof part.image_url === 'string') {
    return { type: 'image_url', image_url: { url: part.image_url, detail: part.detail } };
  }
  if (type === 'input_file' && typeof (part.file_data ?? part.file_id) === 'string') {
    const { filename, file_data: fileData, file_id: fileId } = part;
    return { type: 'file', file: { filename, file_data: fileData, file_id: fileId } };
  }
  throw invalidRequest(
    `${param}.type must be input_text, output_text, input_image with a URL, or input_file with file_data for this model, whose provider knows no other part.`,
    { param: `${param}.type`, code: 'unsupported_value' },
  );
}

function toContent(content: unknown, param: string): unknown {
  if (!Array.isArray(content)) return content;
  const parts = content.filter(isObject).map((part, index) => toPart(part, `${param}[${index}]`));
  // Text alone is a string, which every server takes.
  return parts.every(({ type }) => type === 'text') ? parts.map(({ text }) => text).join('\n') : parts;
}

function toCall({ call_id: id, name, arguments: text }: JsonObject): JsonObject {
  return { id, type: 'function', function: { name, arguments: text } };
}

function toResult({ call_id: id, output }: JsonObject, param: string): JsonObject {
  return { role: 'tool', tool_call_id: id, content: toContent(output, `${param}.output`) };
}

/** Adds a call to the assistant's message before it, as a chat has them together. */
function addCall(messages: JsonObject[], call: JsonObject): void {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') {
    messages.push({ role: 'assistant', content: null, tool_calls: [call] });
    return;
  }
  const calls: readonly unknown[] = Array.isArray(last.tool_calls) ? last.tool_calls : [];
  messages[messages.length - 1] = { ...last, tool_calls: [...calls, call] };
}

/**
 * The items of a conversation as messages of a chat.
 *
 * @throws {ApiError} 400 naming the item that a chat has no counterpart for.
 */
export function toMessages(items: readonly JsonObject[]): readonly JsonObject[] {
  const messages: JsonObject[] = [];
  for (const [index, item] of items.entries()) {
    const param = `input[${index}]`;
    if (leftOut.includes(item.type)) continue;
    if (item.type === 'message') {
      messages.push({ role: item.role, content: toContent(item.content, `${param}.content`) });
    } else if (item.type === 'function_call') addCall(messages, toCall(item));
    else if (item.type === 'function_call_output') messages.push(toResult(item, param));
    else {
      throw invalidRequest(
        `${param}.type must be message, function_call or function_call_output for this model, whose provider knows no other item.`,
        { param: `${param}.type`, code: 'unsupported_value' },
      );
    }
  }
  return messages;
}
