import type { Telemetry } from '@ibex/telemetry';
import { type AuditMetadata, AuditMetadataError, auditMetadata } from '@ibex/telemetry/audit';
import { excerpt, redactText } from '@ibex/telemetry/privacy';
import { z } from 'zod';
import type { PageRequest } from '../page.ts';
import { invalidField } from './problem.ts';

/** Text that Postgres can store: Unicode without lone surrogates, and no NUL. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** A name is kept and shown for as long as there is what it names, so that a secret has no place in it. */
function isName(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^[^\p{Cc}]{1,200}$/u.test(value) &&
    value.trim() !== '' &&
    isStorable(value) &&
    redactText(value) === value
  );
}

/** A field whose one rule, as told to the caller, completes "must be …". */
export function field<Value>(rule: string, test: (value: unknown) => boolean): z.ZodType<Value> {
  return z.custom<Value>(test, { error: rule });
}

export const nameField = field<string>(
  'a text of 1 to 200 characters without control characters and secrets',
  isName,
);

export const auditField = z
  .record(z.string(), z.unknown(), { error: 'an object of audit metadata, e.g. {"reason": "key rotation"}' })
  .optional();

/** A whole number within bounds. */
export function wholeNumber(minimum: number, maximum: number): z.ZodType<number> {
  const rule = `a whole number between ${minimum} and ${maximum}`;
  return field<number>(
    rule,
    (value) => Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum,
  );
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}

function faultOf(issue: z.core.$ZodIssue, input: unknown) {
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, issue.keys[0] ?? ''];
    const rule = 'left out: it is not a field of this call';
    return { field: path.map(String).join('.'), rule, value: valueAt(input, path) };
  }
  const path = issue.path.map(String);
  return {
    field: path.length === 0 ? 'body' : path.join('.'),
    rule: path.length === 0 ? 'a JSON object' : issue.message,
    value: valueAt(input, issue.path),
  };
}

/** Holds what a caller sent against a schema. The first fault is a 400 with field, rule and value. */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw result.error;
  throw invalidField(faultOf(issue, input));
}

const maximumPageSize = 1000;
const defaultPageSize = 100;

const pageQuery = z.strictObject({
  limit: field<string>(`a whole number between 1 and ${maximumPageSize}`, (value) => {
    const limit = Number(value);
    return typeof value === 'string' && /^\d+$/.test(value) && limit >= 1 && limit <= maximumPageSize;
  }).optional(),
  cursor: field<string>(
    'the nextCursor of the page before',
    (value) => typeof value === 'string' && /^[1-9]\d{0,17}$/.test(value),
  ).optional(),
});

/** The `limit` and `cursor` of a list. */
export function parsePage(query: unknown): PageRequest {
  const { limit, cursor } = parse(pageQuery, query);
  return { limit: limit === undefined ? defaultPageSize : Number(limit), before: cursor };
}

const auditValueRule = 'a text of at most 1000 characters without secrets, a number, a boolean or null';

/** The caller's audit metadata, checked against the contract's allowlist before anything happens. */
export function parseAudit(telemetry: Telemetry, audit: Record<string, unknown> = {}): AuditMetadata {
  for (const [key, value] of Object.entries(audit)) {
    if ((typeof value === 'string' && !isStorable(value)) || value === Number.POSITIVE_INFINITY) {
      throw invalidField({ field: `audit.${key}`, rule: `${auditValueRule}, without NUL`, value });
    }
  }
  try {
    return auditMetadata(telemetry, audit);
  } catch (error) {
    if (!(error instanceof AuditMetadataError)) throw error;
    const keys: readonly string[] = telemetry.contract.auditMetadataKeys;
    const known = keys.includes(error.key);
    const rule = known ? auditValueRule : `one of the keys ${keys.join(', ')}`;
    const value = known ? audit[error.key] : error.key;
    throw invalidField({ field: `audit.${excerpt(error.key, 64)}`, rule, value }, error.message);
  }
}
