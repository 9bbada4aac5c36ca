import { invalidRequest } from '../../api-error.ts';
import { describe, isObject, type JsonObject } from '../../json.ts';
import type { ModelRequest } from '../model-request.ts';
import { readBodyObject, readModel } from '../read-model.ts';
import { readItems } from './items.ts';

type Rule = readonly [rule: string, holds: (value: unknown) => boolean];

const boolean: Rule = ['a boolean', (value) => typeof value === 'boolean'];
const array: Rule = ['an array', Array.isArray];
const object: Rule = ['an object', isObject];
const text: Rule = ['a string', (value) => typeof value === 'string'];
const range = (minimum: number, maximum: number): Rule => [
  `a number between ${minimum} and ${maximum}`,
  (value) => typeof value === 'number' && value >= minimum && value <= maximum,
];

const rules: Readonly<Record<string, Rule>> = {
  stream: boolean,
  store: boolean,
  parallel_tool_calls: boolean,
  instructions: text,
  previous_response_id: [
    'the id of a response',
    (id) => typeof id === 'string' && /^[\w.-]{1,256}$/.test(id),
  ],
  max_output_tokens: ['an integer of at least 1', (value) => Number.isInteger(value) && Number(value) >= 1],
  temperature: range(0, 2),
  top_p: range(0, 1),
  tools: array,
  include: array,
  text: object,
  reasoning: object,
  metadata: object,
};

/** What would need a worker that lives longer than the request, or a conversation kept elsewhere. */
const unsupported = ['background', 'conversation', 'prompt'] as const;

function checkOptions(body: JsonObject): void {
  for (const [param, [rule, holds]] of Object.entries(rules)) {
    const value = body[param];
    if (value === undefined || value === null || holds(value)) continue;
    throw invalidRequest(`${param} must be ${rule}: it is ${describe(value)}.`, { param });
  }
  for (const param of unsupported) {
    const value = body[param];
    if (value === undefined || value === null || value === false) continue;
    throw invalidRequest(`${param} is not supported by this gateway. Leave it out.`, {
      param,
      code: 'unsupported_parameter',
    });
  }
}

/**
 * Reads a request for a response. What the gateway does not need goes to the provider unread.
 *
 * @throws {ApiError} 400 naming the field at fault.
 */
export function readResponsesRequest(value: unknown, bytes: Uint8Array): ModelRequest {
  const body = readBodyObject(value);
  const model = readModel(body.model);
  readItems(body.input);
  checkOptions(body);
  return {
    dialect: 'responses',
    model,
    stream: body.stream === true,
    includeUsage: true,
    maximumTokens: typeof body.max_output_tokens === 'number' ? body.max_output_tokens : undefined,
    body,
    bytes,
    headers: {},
  };
}
