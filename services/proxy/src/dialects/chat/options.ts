import { invalidRequest } from '../../api-error.ts';
import { describe, type JsonObject } from '../../json.ts';

interface NumberRule {
  readonly minimum: number;
  readonly maximum: number;
  readonly integer: boolean;
}

const anyCount = { minimum: 1, maximum: Number.MAX_SAFE_INTEGER, integer: true };

/** Ranges of the API; a provider may be stricter and says so itself. */
const numberRules: Readonly<Record<string, NumberRule>> = {
  max_tokens: anyCount,
  max_completion_tokens: anyCount,
  n: { minimum: 1, maximum: 128, integer: true },
  temperature: { minimum: 0, maximum: 2, integer: false },
  top_p: { minimum: 0, maximum: 1, integer: false },
  frequency_penalty: { minimum: -2, maximum: 2, integer: false },
  presence_penalty: { minimum: -2, maximum: 2, integer: false },
  top_logprobs: { minimum: 0, maximum: 20, integer: true },
};

const numbers = Object.entries(numberRules);
const booleans = ['stream', 'logprobs', 'parallel_tool_calls', 'store'];
const arrays = ['tools', 'functions', 'modalities'];
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
export function checkOptions(body: JsonObject): void {
  const given = (param: string) => body[param] !== undefined && body[param] !== null;
  for (const [param, rule] of numbers) {
    if (given(param)) checkNumber(param, body[param], rule);
  }
  for (const param of booleans) if (given(param)) checkKind(param, body[param], 'a boolean');
  for (const param of arrays) if (given(param)) checkKind(param, body[param], 'an array');
  if (given('stop')) checkStop(body.stop);
}
