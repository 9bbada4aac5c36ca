import { excerpt } from '@ibex/telemetry/privacy';

const shownCharacters = 40;

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a parsed value is an object, not null and not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A value as an error message shows it. The text of strings stays out, as it may be somebody's prompt: `quote` shows
 * those that may be shown.
 */
export function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return value === '' ? 'an empty string' : 'a string';
  return `the ${typeof value} ${value}`;
}

/** The beginning of a string in quotes, for names and enumerated values. */
export function quote(value: string): string {
  return JSON.stringify(excerpt(value, shownCharacters));
}
