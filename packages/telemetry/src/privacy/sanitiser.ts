import type { AttributeValue } from '../traces/span.ts';
import { createKeyTest } from './keys.ts';
import { redacted, redactText } from './text.ts';

const maximumDepth = 8;
const maximumEntries = 100;

/** Takes secrets out of what is about to leave the process. It copies, never mutates, and never throws. */
export interface Sanitiser {
  isSensitive(key: string): boolean;
  /** A copy fit for JSON: secrets replaced, depth, breadth and length bounded with visible marks. */
  sanitise(value: unknown): unknown;
  /** The value of a span attribute under that key. */
  attribute(key: string, value: AttributeValue): AttributeValue;
  /** Free text without bearer tokens, keys, URL credentials and the like. */
  redactText(text: string): string;
}

/** Builds the sanitiser for a contract's sensitive keys. */
export function createSanitiser(sensitiveKeys: readonly string[]): Sanitiser {
  const isSensitive = createKeyTest(sensitiveKeys);

  function attribute(key: string, value: AttributeValue): AttributeValue {
    if (isSensitive(key)) return redacted;
    if (typeof value === 'string') return redactText(value);
    if (!Array.isArray(value)) return value;
    return value.slice(0, maximumEntries).map((item) => (typeof item === 'string' ? redactText(item) : item));
  }

  function sanitise(value: unknown, depth = 0, seen: readonly object[] = []): unknown {
    if (typeof value === 'string') return redactText(value);
    if (typeof value === 'bigint') return value.toString();
    if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
    if (typeof value !== 'object' || value === null) return value;
    if (seen.includes(value)) return '[circular]';
    if (depth >= maximumDepth) return '[too deep]';
    return sanitiseObject(value, depth + 1, [...seen, value]);
  }

  function sanitiseObject(value: object, depth: number, seen: readonly object[]): unknown {
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (value instanceof Map)
      return sanitiseEntries(
        [...value].map(([key, item]) => [String(key), item]),
        depth,
        seen,
      );
    if (value instanceof Set || Array.isArray(value)) return sanitiseList([...value], depth, seen);
    if (value instanceof Error) return sanitiseEntries(errorEntries(value), depth, seen);
    return sanitiseEntries(readableEntries(value), depth, seen);
  }

  function sanitiseList(items: readonly unknown[], depth: number, seen: readonly object[]): unknown[] {
    const kept = items.slice(0, maximumEntries).map((item) => sanitise(item, depth, seen));
    return items.length > maximumEntries ? [...kept, `[${items.length - maximumEntries} more]`] : kept;
  }

  function sanitiseEntries(
    entries: readonly (readonly [string, unknown])[],
    depth: number,
    seen: readonly object[],
  ): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const [key, item] of entries.slice(0, maximumEntries)) {
      result[key] = isSensitive(key) ? redacted : sanitise(item, depth, seen);
    }
    if (entries.length > maximumEntries) result['…'] = `[${entries.length - maximumEntries} more]`;
    return result;
  }

  return { isSensitive, sanitise: (value) => sanitise(value), attribute, redactText };
}

function errorEntries(error: Error): [string, unknown][] {
  const own = readableEntries(error).filter(
    ([key]) => key !== 'stack' && key !== 'message' && key !== 'cause',
  );
  const entries: [string, unknown][] = [
    ['name', error.name],
    ['message', error.message],
    ['stack', error.stack],
    ...own,
  ];
  return error.cause === undefined ? entries : [...entries, ['cause', error.cause]];
}

/** Own enumerable entries; a getter that throws shows as such. */
function readableEntries(value: object): [string, unknown][] {
  return Object.keys(value).map((key) => {
    try {
      return [key, (value as Record<string, unknown>)[key]];
    } catch {
      return [key, '[unreadable]'];
    }
  });
}
