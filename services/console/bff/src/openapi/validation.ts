import type { Operation, Schema } from '@ibex/api/operation';
import { excerpt } from '@ibex/telemetry/privacy';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Problem } from '../problem.ts';

const shownLength = 80;

/** The schemas of one route, in the places Fastify looks for them. */
export interface RouteSchemas {
  readonly params: Schema;
  readonly querystring: Schema;
  readonly body?: Schema;
}

/** The schemas of an operation; a name the document does not know is refused, never dropped. */
export function schemasOf(operation: Operation): RouteSchemas {
  const schemas = { params: objectSchema(operation, 'path'), querystring: objectSchema(operation, 'query') };
  return operation.body === null ? schemas : { ...schemas, body: operation.body };
}

function objectSchema(operation: Operation, place: 'path' | 'query'): Schema {
  const parameters = operation.parameters.filter((parameter) => parameter.in === place);
  return {
    type: 'object',
    properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.schema])),
    required: parameters.filter((parameter) => parameter.required).map((parameter) => parameter.name),
    additionalProperties: false,
  };
}

type Validation = (data: unknown) => { value: unknown } | { error: Problem };

/**
 * Makes Fastify's validator compiler: what arrives as text (path and query) is converted to the document's types, a
 * JSON body is taken as it is.
 */
export function createValidatorCompiler(): (route: { schema: Schema; httpPart?: string }) => Validation {
  const text = new Ajv({ coerceTypes: 'array', useDefaults: true, verbose: true });
  const json = new Ajv({ verbose: true });
  return ({ schema, httpPart }) => {
    const part = httpPart === 'body' ? 'body' : 'parameter';
    const validate: ValidateFunction = (part === 'body' ? json : text).compile(schema);
    return (data) => {
      if (validate(data)) return { value: data };
      const message = explain(validate.errors?.[0], { part, known: Object.keys(schema.properties ?? {}) });
      return {
        error: new Problem(400, { code: part === 'body' ? 'invalid_body' : 'invalid_parameter', message }),
      };
    };
  };
}

/** Says which name broke which rule with which value, and what would be right. */
function explain(error: ErrorObject | undefined, about: { part: string; known: readonly string[] }): string {
  if (error === undefined) return `The ${about.part} does not follow the API's document.`;
  const { keyword, params, data } = error;
  if (keyword === 'additionalProperties') {
    const known = about.known.length === 0 ? 'none' : about.known.join(', ');
    return `"${excerpt(String(params.additionalProperty), shownLength)}" is not known here. Leave it out, or use one of: ${known}.`;
  }
  if (keyword === 'required') return `"${params.missingProperty}" is missing. Give it a value.`;
  const name = error.instancePath.split('/').slice(1).join('.') || `the ${about.part}`;
  const rule = keyword === 'enum' ? `must be one of ${params.allowedValues.join(', ')}` : error.message;
  const shown =
    about.part === 'body' ? '' : `: it is ${excerpt(JSON.stringify(data) ?? 'nothing', shownLength)}`;
  return `${name} ${rule}${shown}. Correct it or leave it out.`;
}
