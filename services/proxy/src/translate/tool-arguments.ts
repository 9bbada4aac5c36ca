import { invalidRequest } from '../api-error.ts';
import { isObject, type JsonObject } from '../json.ts';

/**
 * The arguments of a tool call, which chat completions write as text.
 *
 * @throws {ApiError} 400 when they are no JSON object.
 */
export function readToolArguments(text: unknown, param: string): JsonObject {
  if (text === undefined || text === '') return {};
  try {
    const value: unknown = JSON.parse(String(text));
    if (isObject(value)) return value;
  } catch {
    // Answered below, together with JSON that is no object.
  }
  throw invalidRequest(`${param} must be a JSON object as text.`, { param });
}
