import { isObject, type JsonObject } from '../../json.ts';
import { messageText } from '../../translate/message-text.ts';
import { estimateTokens } from './response.ts';

/** The tokens of a request of the Messages API by rule of thumb: of its instructions, messages and tools. */
export function echoTokenCount(body: JsonObject): Uint8Array {
  const messages: readonly unknown[] = Array.isArray(body.messages) ? body.messages : [];
  const texts = [
    messageText(body.system),
    ...messages.map((message) => (isObject(message) ? messageText(message.content) : '')),
    body.tools === undefined ? '' : JSON.stringify(body.tools),
  ];
  const inputTokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  return Buffer.from(JSON.stringify({ input_tokens: inputTokens }));
}
