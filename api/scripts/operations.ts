import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Operation, Parameter, Schema } from '../src/operation.ts';

type Document = Readonly<Record<string, unknown>>;

interface RawOperation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly unknown[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
}

/** A file of the documents being read. */
interface Place {
  readonly directory: string;
  readonly file: string;
}

const maximumDepth = 20;
const methods = { get: 'GET', post: 'POST', put: 'PUT', patch: 'PATCH', delete: 'DELETE' } as const;

function readDocument({ directory, file }: Place): Document {
  return parse(readFileSync(join(directory, file), 'utf8')) as Document;
}

/** What a reference such as `telemetry.yaml#/components/schemas/Span` stands for, and the place it stands in. */
function follow(reference: string, place: Place): { value: unknown; place: Place } {
  const [file = '', pointer = ''] = reference.split('#');
  const target = file === '' ? place : { ...place, file };
  let value: unknown = readDocument(target);
  for (const step of pointer.split('/').slice(1)) value = (value as Document | undefined)?.[step];
  if (value === undefined) throw new Error(`"$ref: ${reference}" in ${place.file} points at nothing`);
  return { value, place: target };
}

function resolve(value: unknown, place: Place, depth = 0): unknown {
  if (depth > maximumDepth) throw new Error(`References in ${place.file} are nested too deep or in a circle`);
  if (Array.isArray(value)) return value.map((item) => resolve(item, place, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value && typeof value.$ref === 'string') {
    const target = follow(value.$ref, place);
    return resolve(target.value, target.place, depth + 1);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolve(item, place, depth + 1)]),
  );
}

/** Reads every operation of an OpenAPI document, parameters and bodies with their references resolved. */
export function readOperations(place: Place): Operation[] {
  const paths = readDocument(place).paths as Record<string, Record<string, RawOperation>>;
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(methods).flatMap(([verb, method]): Operation[] => {
      const raw = item[verb];
      if (raw === undefined) return [];
      const { operationId: id, security, parameters = [], requestBody } = raw;
      const body = requestBody?.content['application/json'].schema ?? null;
      return [
        {
          ...{ id, method, path, isSecured: security === undefined || security.length > 0 },
          parameters: (resolve(parameters, place) as Partial<Parameter>[]).map(toParameter),
          body: resolve(body, place) as Schema | null,
        },
      ];
    }),
  );
}

function toParameter({ name = '', in: where = 'query', required = false, schema = {} }: Partial<Parameter>) {
  return { name, in: where, required, schema };
}
