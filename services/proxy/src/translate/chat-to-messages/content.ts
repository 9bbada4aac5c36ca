import { invalidRequest } from '../../api-error.ts';
import { isObject, type JsonObject } from '../../json.ts';
import { readDataUrl } from '../data-url.ts';

/** A part of a chat message as a content block, named as the caller wrote it when it has no counterpart. */
function toBlock(part: JsonObject, param: string): JsonObject {
  if (part.type === 'text') return { type: 'text', text: part.text };
  if (part.type === 'image_url') return { type: 'image', source: imageSource(part.image_url, param) };
  if (part.type === 'file') return { type: 'document', source: fileSource(part.file, param) };
  if (part.type === 'refusal') return { type: 'text', text: part.refusal };
  throw invalidRequest(
    `${param}.type must be text, image_url or file for this model, whose provider knows no other part. Leave it out or ask another model.`,
    { param: `${param}.type`, code: 'unsupported_value' },
  );
}

function imageSource(image: unknown, param: string): JsonObject {
  const url = isObject(image) && typeof image.url === 'string' ? image.url : '';
  if (/^https?:\/\//.test(url)) return { type: 'url', url };
  return base64Source(url, `${param}.image_url.url`);
}

function fileSource(file: unknown, param: string): JsonObject {
  const data = isObject(file) && typeof file.file_data === 'string' ? file.file_data : '';
  return base64Source(data, `${param}.file.file_data`);
}

function base64Source(url: string, param: string): JsonObject {
  const data = readDataUrl(url);
  if (data !== undefined) return { type: 'base64', media_type: data.mediaType, data: data.base64 };
  throw invalidRequest(
    `${param} must be a data URL in base64${param.endsWith('url') ? ' or an http(s) URL' : ''}.`,
    { param, code: 'invalid_value' },
  );
}

/** The content of a chat message as blocks; empty text makes none, as the provider refuses it. */
export function toBlocks(content: unknown, param: string): JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content)) return [];
  return content
    .map((part, index) => (isObject(part) ? toBlock(part, `${param}[${index}]`) : {}))
    .filter((block) => block.text !== '');
}
