import { type ApiError, invalidRequest } from '../../api-error.ts';
import { describe, isObject, type JsonObject } from '../../json.ts';

const maximumItems = 4096;

function wrong(param: string, rule: string, value: unknown): ApiError {
  return invalidRequest(`${param} must be ${rule}: it is ${describe(value)}.`, {
    param,
    code: value === undefined ? 'missing_required_parameter' : 'invalid_type',
  });
}

function readItem(item: unknown, param: string): JsonObject {
  if (!isObject(item)) throw wrong(param, 'an object', item);
  if (item.type === undefined && typeof item.role === 'string') return { type: 'message', ...item };
  if (typeof item.type === 'string') return item;
  throw wrong(`${param}.type`, 'a string', item.type);
}

/**
 * The items of `input`: a text is one message of the user.
 *
 * @throws {ApiError} 400 naming the item at fault.
 */
export function readItems(input: unknown): readonly JsonObject[] {
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: input }];
  if (!Array.isArray(input) || input.length > maximumItems) {
    throw wrong('input', `a string or an array of at most ${maximumItems} items`, input);
  }
  return input.map((item, index) => readItem(item, `input[${index}]`));
}
