import { invalidRequest } from '../../api-error.ts';
import { isObject, type JsonObject } from '../../json.ts';
import { messageText } from '../message-text.ts';

/** What is known of a message by its content blocks, in the words of chat completions. */
export interface ChatParts {
  readonly parts: JsonObject[];
  readonly toolCalls: JsonObject[];
  /** Messages of their own: what tools gave back. */
  readonly toolResults: JsonObject[];
}

/** What a tool gave back that gave back no text. */
const attached = 'The result follows.';

/** Blocks that only the provider that wrote them can use; without them the conversation still makes sense. */
const leftOut: readonly unknown[] = ['thinking', 'redacted_thinking'];

function sourceUrl(source: unknown, param: string): string {
  if (isObject(source) && source.type === 'url') return String(source.url);
  if (isObject(source) && source.type === 'base64') {
    return `data:${String(source.media_type)};base64,${String(source.data)}`;
  }
  throw invalidRequest(`${param}.source.type must be base64 or url for this model.`, {
    param: `${param}.source.type`,
    code: 'unsupported_value',
  });
}

function isText(block: JsonObject): boolean {
  return block.type === 'text';
}

function toPart(block: JsonObject, param: string): JsonObject {
  if (isText(block)) return { type: 'text', text: block.text };
  if (block.type === 'image')
    return { type: 'image_url', image_url: { url: sourceUrl(block.source, param) } };
  if (block.type === 'document' && isObject(block.source) && isText(block.source)) {
    return { type: 'text', text: block.source.data };
  }
  if (block.type === 'document') {
    const file = { filename: block.title ?? 'document', file_data: sourceUrl(block.source, param) };
    return { type: 'file', file };
  }
  throw invalidRequest(
    `${param}.type must be text, image, document, tool_use or tool_result for this model, whose provider knows no other block.`,
    { param: `${param}.type`, code: 'unsupported_value' },
  );
}

function toToolCall({ id, name, input }: JsonObject): JsonObject {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(input ?? {}) } };
}

function toToolResult({ tool_use_id: id, content, is_error: isError }: JsonObject): JsonObject {
  const text = messageText(content);
  const told = text === '' && Array.isArray(content) && content.length > 0 ? attached : text;
  return { role: 'tool', tool_call_id: id, content: isError === true ? `Error: ${told}` : told };
}

/** What a tool gave back beside text: in a chat the user has to say it, as a tool can only give back text. */
function attachmentsOf({ content }: JsonObject, param: string): JsonObject[] {
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [];
  return blocks.flatMap((block, index) =>
    isObject(block) && !isText(block) ? [toPart(block, `${param}.content[${index}]`)] : [],
  );
}

/**
 * Takes the content of one message apart.
 *
 * @throws {ApiError} 400 naming the block that chat completions have no counterpart for.
 */
export function readBlocks(content: unknown, param: string): ChatParts {
  const parts: JsonObject[] = [];
  const toolCalls: JsonObject[] = [];
  const toolResults: JsonObject[] = [];
  if (typeof content === 'string') parts.push({ type: 'text', text: content });
  if (!Array.isArray(content)) return { parts, toolCalls, toolResults };
  for (const [index, block] of content.entries()) {
    if (!isObject(block) || leftOut.includes(block.type)) continue;
    if (block.type === 'tool_use') toolCalls.push(toToolCall(block));
    else if (block.type === 'tool_result') {
      toolResults.push(toToolResult(block));
      parts.push(...attachmentsOf(block, `${param}[${index}]`));
    } else parts.push(toPart(block, `${param}[${index}]`));
  }
  return { parts, toolCalls, toolResults };
}
