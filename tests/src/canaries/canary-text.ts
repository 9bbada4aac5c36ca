import type { Canary } from '@ibex/telemetry/testing';

/** The canary as a request can carry it: its text, its JSON, or, where JSON would lose it, its key and secret. */
export function textOf({ value, key, secret, core }: Canary): string {
  if (typeof value === 'string') return value;
  const json = JSON.stringify(value) ?? '';
  if (json.includes(core) || json.includes(secret)) return json;
  return key === undefined ? secret : JSON.stringify({ [key]: secret });
}

/** The same where HTTP allows printable characters alone, at most so many. */
export function headerTextOf(canary: Canary): string {
  return textOf(canary).replace(/[^\x20-\x7e]/g, ' ');
}

/**
 * Headers that a caller chooses and that are kept as they are: ids. A secret known by its form can stand in one; of any
 * other text nobody can know.
 */
export function idHeadersOf({ key, secret }: Canary, names: readonly string[]): Record<string, string> {
  if (key !== undefined || !/^[A-Za-z0-9._-]{8,64}$/.test(secret)) return {};
  return Object.fromEntries(names.map((name) => [name, secret]));
}

/** A value of `tracestate` holds neither commas nor equal signs, and at most 256 characters. */
export function traceStateOf(canary: Canary): Record<string, string> {
  const value = encodeURIComponent(textOf(canary));
  return value.length > 256 ? {} : { tracestate: `vendor=${value}` };
}

/** Names of headers and parameters take letters, digits and hyphens. */
export function nameOf({ key }: Canary): string {
  return (key ?? 'x-note').replace(/[^A-Za-z0-9-]/g, '-').replace(/-+$/, '');
}
