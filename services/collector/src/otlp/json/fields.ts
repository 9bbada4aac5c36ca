import { excerpt } from '@ibex/telemetry/privacy';
import { MalformedOtlpError } from '../decode-error.ts';

/**
 * Typed access to parsed OTLP/JSON. As in proto3's JSON an absent field and `null` are the default value, and fields
 * nobody asks for are ignored. Every function throws {@link MalformedOtlpError} for a value of the wrong type.
 */
export type JsonObject = Record<string, unknown>;

export function asObject(value: unknown, field: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw mismatch(field, { rule: 'must be an object', value });
}

/** The object at `key`, read by `read`; undefined when there is none. */
export function objectField<Result>(
  object: JsonObject,
  key: string,
  read: (value: JsonObject) => Result,
): Result | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  return located(key, () => read(asObject(value, '')));
}

/** Calls `visit` with each object of the array at `key`. */
export function eachObject(object: JsonObject, key: string, visit: (element: JsonObject) => void): void {
  eachValue(object, key, (element) => visit(asObject(element, '')));
}

/** Calls `visit` with each element of the array at `key`. */
export function eachValue(object: JsonObject, key: string, visit: (element: unknown) => void): void {
  const value = object[key];
  if (value === undefined || value === null) return;
  if (!Array.isArray(value)) throw mismatch(key, { rule: 'must be an array', value });
  for (let index = 0; index < value.length; index += 1) {
    try {
      visit(value[index]);
    } catch (error) {
      throw error instanceof MalformedOtlpError ? error.within(`${key}[${index}]`) : error;
    }
  }
}

export function stringField(object: JsonObject, key: string): string {
  const value = object[key];
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw mismatch(key, { rule: 'must be a string', value });
  return value.toWellFormed();
}

/** An identifier in hex of any case, as lower case. */
export function hexField(object: JsonObject, key: string): string {
  return stringField(object, key).slice(0, 128).toLowerCase();
}

export function booleanField(object: JsonObject, key: string): boolean {
  const value = object[key];
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw mismatch(key, { rule: 'must be true or false', value });
  return value;
}

/** A 64-bit integer, written as a decimal string or as a number; 0 when absent. */
export function integerField(object: JsonObject, key: string): bigint {
  return toInteger(object[key], key);
}

/** A 32-bit integer; 0 when absent. */
export function smallIntegerField(object: JsonObject, key: string): number {
  const value = Number(integerField(object, key));
  if (Math.abs(value) <= 0xffffffff) return value;
  throw mismatch(key, { rule: 'must be a 32-bit integer', value });
}

/** An enum's number. Names, which proto3 allows and OTLP does not, are accepted: `names` gives their numbers. */
export function enumField(object: JsonObject, key: string, names: readonly string[]): number {
  const value = object[key];
  if (typeof value !== 'string' || /^\d+$/.test(value)) return smallIntegerField(object, key);
  const number = names.indexOf(value);
  if (number < 0) throw mismatch(key, { rule: `must be a number from 0 to ${names.length - 1}`, value });
  return number;
}

/** A double, written as a number or as a string, which is how `NaN` and `Infinity` are written. */
export function doubleField(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  return value === undefined || value === null ? undefined : toDouble(value, key);
}

export function toDouble(value: unknown, field: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' && value.trim() !== '') {
    const number = Number(value);
    if (!Number.isNaN(number) || value === 'NaN') return number;
  }
  throw mismatch(field, { rule: 'must be a number, or "NaN", "Infinity" or "-Infinity"', value });
}

export function toInteger(value: unknown, field: string): bigint {
  if (value === undefined || value === null) return 0n;
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value);
  throw mismatch(field, { rule: 'must be a 64-bit integer as a decimal string or a number', value });
}

/** Runs `read` and names `field` in the error it may throw. */
export function located<Result>(field: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw error instanceof MalformedOtlpError ? error.within(field) : error;
  }
}

function mismatch(field: string, { rule, value }: { rule: string; value: unknown }): MalformedOtlpError {
  return new MalformedOtlpError(field, `${rule}, is ${shown(value)}`);
}

function shown(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return `the string '${excerpt(value, 40)}'`;
  return `${typeof value} ${String(value)}`;
}
