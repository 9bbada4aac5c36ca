import { invalidRequest } from '../api-error.ts';
import { describe, isObject } from '../json.ts';

/**
 * Whether `stream_options` asks for the usage.
 *
 * @throws {ApiError} 400 naming the field at fault.
 */
export function readIncludeUsage(value: unknown, stream: boolean): boolean {
  if (value === undefined || value === null) return false;
  if (!isObject(value)) {
    throw invalidRequest(`stream_options must be an object: it is ${describe(value)}.`, {
      param: 'stream_options',
      code: 'invalid_type',
    });
  }
  if (!stream) {
    throw invalidRequest('stream_options may only be given with stream: true. Leave it out or set stream.', {
      param: 'stream_options',
    });
  }
  const includeUsage = value.include_usage ?? false;
  if (typeof includeUsage === 'boolean') return includeUsage;
  throw invalidRequest(`stream_options.include_usage must be a boolean: it is ${describe(includeUsage)}.`, {
    param: 'stream_options.include_usage',
    code: 'invalid_type',
  });
}
