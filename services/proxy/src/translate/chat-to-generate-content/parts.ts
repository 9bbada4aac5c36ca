import { invalidRequest } from '../../api-error.ts';
import { isObject, type JsonObject } from '../../json.ts';
import { readDataUrl } from '../data-url.ts';

function inlineData(url: unknown, param: string): JsonObject {
  const data = readDataUrl(url);
  if (data !== undefined) return { inlineData: { mimeType: data.mediaType, data: data.base64 } };
  throw invalidRequest(
    `${param} must be a data URL in base64 for this model, whose provider fetches no other URL. Send the bytes.`,
    { param, code: 'unsupported_value' },
  );
}

function audio({ data, format }: JsonObject): JsonObject {
  return { inlineData: { mimeType: `audio/${String(format)}`, data } };
}

function toPart(part: JsonObject, param: string): JsonObject {
  if (part.type === 'text' || part.type === 'refusal') return { text: part.text ?? part.refusal };
  if (part.type === 'image_url' && isObject(part.image_url)) {
    return inlineData(part.image_url.url, `${param}.image_url.url`);
  }
  if (part.type === 'file' && isObject(part.file)) {
    return inlineData(part.file.file_data, `${param}.file.file_data`);
  }
  if (part.type === 'input_audio' && isObject(part.input_audio)) return audio(part.input_audio);
  throw invalidRequest(
    `${param}.type must be text, image_url, input_audio or file for this model, whose provider knows no other part.`,
    { param: `${param}.type`, code: 'unsupported_value' },
  );
}

/**
 * The content of a chat message as parts.
 *
 * @throws {ApiError} 400 naming the part that has no counterpart.
 */
export function toParts(content: unknown, param: string): JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ text: content }];
  if (!Array.isArray(content)) return [];
  return content.map((part, index) => (isObject(part) ? toPart(part, `${param}[${index}]`) : {}));
}
