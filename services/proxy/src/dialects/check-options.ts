import { invalidRequest } from '../api-error.ts';
import { describe, type JsonObject } from '../json.ts';

interface NumberRule {
  readonly minimum: number;
  readonly maximum: number;
  readonly integer: boolean;
}

/** Options of a dialect by what they have to be; `stop` is one of each. */
export interface OptionRules {
  readonly numbers: Readonly<Record<string, NumberRule>>;
  readonly booleans: readonly string[];
  readonly arrays: readonly string[];
}

export const anyCount: NumberRule = { minimum: 1, maximum: Number.MAX_SAFE_INTEGER, integer: true };

/** What tunes the choice of the next token, in every dialect of OpenAI that generates. */
export const samplingRules: OptionRules['numbers'] = {
  temperature: { minimum: 0, maximum: 2, integer: false },
  top_p: { minimum: 0, maximum: 1, integer: false },
  frequency_penalty: { minimum: -2, maximum: 2, integer: false },
  presence_penalty: { minimum: -2, maximum: 2, integer: false },
};

const maximumStops = 4;

function checkNumber(param: string, value: unknown, rule: NumberRule): void {
  const kind = rule.integer ? 'an integer' : 'a number';
  const range =
    rule.maximum === Number.MAX_SAFE_INTEGER
      ? `of at least ${rule.minimum}`
      : `between ${rule.minimum} and ${rule.maximum}`;
  if (typeof value !== 'number') {
    throw invalidRequest(`${param} must be ${kind} ${range}: it is ${describe(value)}.`, {
      param,
      code: 'invalid_type',
    });
  }
  if (value < rule.minimum || value > rule.maximum || (rule.integer && !Number.isInteger(value))) {
    throw invalidRequest(`${param} must be ${kind} ${range}: it is ${describe(value)}.`, { param });
  }
}

function checkStop(value: unknown): void {
  const stops = typeof value === 'string' ? [value] : value;
  const valid =
    Array.isArray(stops) && stops.length <= maximumStops && stops.every((stop) => typeof stop === 'string');
  if (valid) return;
  throw invalidRequest(
    `stop must be a string or an array of at most ${maximumStops} strings: it is ${describe(value)}.`,
    { param: 'stop', code: 'invalid_type' },
  );
}

function checkKind(param: string, value: unknown, kind: 'a boolean' | 'an array'): void {
  const valid = kind === 'a boolean' ? typeof value === 'boolean' : Array.isArray(value);
  if (valid) return;
  throw invalidRequest(`${param} must be ${kind}: it is ${describe(value)}.`, {
    param,
    code: 'invalid_type',
  });
}

/**
 * Checks the options every provider understands the same way. `null` means not given, as in the API.
 *
 * @throws {ApiError} 400 naming the option at fault.
 */
export function checkOptions(body: JsonObject, { numbers, booleans, arrays }: OptionRules): void {
  const given = (param: string) => body[param] !== undefined && body[param] !== null;
  for (const param in numbers) {
    const rule = numbers[param];
    if (rule !== undefined && given(param)) checkNumber(param, body[param], rule);
  }
  for (const param of booleans) if (given(param)) checkKind(param, body[param], 'a boolean');
  for (const param of arrays) if (given(param)) checkKind(param, body[param], 'an array');
  if (given('stop')) checkStop(body.stop);
}
