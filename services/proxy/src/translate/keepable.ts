import { invalidRequest } from '../api-error.ts';
import { describe, type JsonObject } from '../json.ts';

/** Whether an option is as if it were not given: `n` of 1 as well. */
function isUnset(param: string, value: unknown): boolean {
  return value === undefined || value === null || value === false || (param === 'n' && value === 1);
}

/**
 * Refuses options of a chat that would change the answer if they were left out, where the provider has no counterpart.
 *
 * @throws {ApiError} 400 naming the option.
 */
export function refuseUntranslatable(body: JsonObject, params: readonly string[]): void {
  for (const param of params) {
    const value = body[param];
    if (isUnset(param, value)) continue;
    throw invalidRequest(
      `${param} cannot be kept for this model, whose provider has no counterpart: it is ${describe(value)}. Leave it out.`,
      { param, code: 'unsupported_parameter' },
    );
  }
}
