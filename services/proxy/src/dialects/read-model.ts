import { invalidRequest } from '../api-error.ts';
import { describe, isObject, type JsonObject } from '../json.ts';

const maximumModelLength = 256;

/** @throws {ApiError} 400 when the body is no JSON object. */
export function readBodyObject(value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw invalidRequest(`The body must be a JSON object: it is ${describe(value)}.`, { code: 'invalid_type' });
}

/** @throws {ApiError} 400 when it is no name a model can have. */
export function readModel(value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.length <= maximumModelLength) return value;
  throw invalidRequest(
    `model must be a string of 1 to ${maximumModelLength} characters: it is ${describe(value)}. GET /v1/models lists the models.`,
    { param: 'model', code: value === undefined ? 'missing_required_parameter' : 'invalid_type' },
  );
}
