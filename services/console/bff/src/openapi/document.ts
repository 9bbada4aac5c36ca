import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { operations } from '@ibex/api/console';
import { parse } from 'yaml';

/** The `operationId`s of the console's document. */
export type OperationId = keyof operations;

/** A JSON Schema without references. */
export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required?: boolean;
  readonly schema: Schema;
}

/** One operation of the document, ready to become a route. */
export interface Operation {
  readonly id: OperationId;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As written in the document: `/login/{code}`. */
  readonly path: string;
  readonly needsSession: boolean;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
}

interface RawOperation {
  readonly operationId: OperationId;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly unknown[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
}

type Document = Readonly<Record<string, unknown>>;

const maximumDepth = 20;
const methods = { get: 'GET', post: 'POST', put: 'PUT', patch: 'PATCH', delete: 'DELETE' } as const;

function readDocument(name: string): Document {
  const path = fileURLToPath(import.meta.resolve(`@ibex/api/openapi/${name}`));
  return parse(readFileSync(path, 'utf8')) as Document;
}

/** What a reference such as `telemetry.yaml#/components/schemas/Span` stands for, and the file it stands in. */
function follow(reference: string, from: { file: string; documents: Map<string, Document> }) {
  const [file = '', pointer = ''] = reference.split('#');
  const target = file === '' ? from.file : file;
  const document = from.documents.get(target) ?? readDocument(target);
  from.documents.set(target, document);
  let value: unknown = document;
  for (const step of pointer.split('/').slice(1)) value = (value as Document | undefined)?.[step];
  if (value === undefined) throw new Error(`"$ref: ${reference}" in ${from.file} points at nothing`);
  return { value, file: target };
}

function resolve(
  value: unknown,
  from: { file: string; documents: Map<string, Document> },
  depth = 0,
): unknown {
  if (depth > maximumDepth) throw new Error(`References in ${from.file} are nested too deep or in a circle`);
  if (Array.isArray(value)) return value.map((item) => resolve(item, from, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value && typeof value.$ref === 'string') {
    const target = follow(value.$ref, from);
    return resolve(target.value, { ...from, file: target.file }, depth + 1);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolve(item, from, depth + 1)]),
  );
}

/** Reads every operation of `api/openapi/console.yaml`, parameters and bodies with their references resolved. */
export function readOperations(): Operation[] {
  const from = { file: 'console.yaml', documents: new Map<string, Document>() };
  const paths = readDocument(from.file).paths as Record<string, Record<string, RawOperation>>;
  const found: Operation[] = [];
  for (const [path, item] of Object.entries(paths)) {
    for (const [verb, method] of Object.entries(methods)) {
      const raw = item[verb];
      if (raw === undefined) continue;
      found.push({
        id: raw.operationId,
        method,
        path,
        needsSession: raw.security === undefined || raw.security.length > 0,
        parameters: resolve(raw.parameters ?? [], from) as Parameter[],
        body: resolve(raw.requestBody?.content['application/json'].schema, from) as Schema | undefined,
      });
    }
  }
  return found;
}
