import { types } from 'node:util';
import type { AttributeValue } from '../traces/span.ts';
import { createKeyJudge, type KeyJudge } from './keys.ts';
import { createTextRedactor, type RedactText, redacted, toText } from './text.ts';

const maximumDepth = 8;
const maximumEntries = 100;
/** For one value as a whole: shared objects make a small graph a large tree. */
const maximumObjects = 2_000;
const maximumCharacters = 262_144;
const unreadable = '[unreadable]';

const maximumKeyLength = 256;
const maximumRemembered = 2_000;
const maximumLabelLength = 64;
const largestShownInteger = 2n ** 256n;

/** What is known of a key. */
export interface KeyVerdict {
  /** Its value must not be shown. */
  readonly sensitive: boolean;
  /** The key itself as it may be shown: a key can be a secret. */
  readonly shown: string;
}

/** Takes secrets out of what is about to leave the process. It copies, never mutates, and never throws. */
export interface Sanitiser {
  isSensitive(key: string): boolean;
  judgeKey(key: string): KeyVerdict;
  /** A copy fit for JSON: secrets replaced, depth, breadth and length bounded with visible marks. */
  sanitise(value: unknown): unknown;
  /** The value of a span attribute under that key. */
  attribute(key: string, value: AttributeValue): AttributeValue;
  /** The value of a span attribute whose key is not sensitive. */
  attributeValue(value: AttributeValue): AttributeValue;
  /** Free text without bearer tokens, keys, URL credentials and the like. */
  redactText(text: string): string;
}

/** What one call has left to spend, and the objects it is inside of. */
interface Walk {
  objects: number;
  characters: number;
  readonly path: object[];
}

/** Builds the sanitiser for a contract's sensitive keys. */
export function createSanitiser(sensitiveKeys: readonly string[]): Sanitiser {
  // Keys out of texts could fill what is remembered; they get a memory of their own.
  const redactText = createTextRedactor(createKeyJudge(sensitiveKeys));
  const judgeKey = createKeyMemory(createKeyJudge(sensitiveKeys), redactText);
  const isSensitive = (key: string) => judgeKey(key).sensitive;

  function attribute(key: string, value: AttributeValue): AttributeValue {
    return isSensitive(key) ? redacted : attributeValue(value);
  }

  function attributeValue(value: AttributeValue): AttributeValue {
    if (typeof value === 'string') return redactText(value);
    if (typeof value === 'number' || typeof value === 'boolean') return value;
    try {
      if (Array.isArray(value)) return value.slice(0, maximumEntries).map(listed);
      // Types forbid what is left, but libraries written in JavaScript pass it.
      return JSON.stringify(sanitise(value)) ?? toText(value);
    } catch {
      return unreadable;
    }
  }

  function listed(item: unknown, index: number, list: readonly unknown[]): string | number | boolean {
    return isLabel(list[index - 1]) ? redacted : scalar(item);
  }

  /** Whether what follows this in a list is a secret: lists of headers and arguments alternate keys and values. */
  function isLabel(item: unknown): boolean {
    return typeof item === 'string' && item.length <= maximumLabelLength && isSensitive(item);
  }

  function scalar(item: unknown): string | number | boolean {
    if (typeof item === 'string') return redactText(item);
    if (typeof item === 'number' || typeof item === 'boolean') return item;
    return JSON.stringify(sanitise(item)) ?? toText(item);
  }

  function sanitise(value: unknown): unknown {
    return copy(value, { objects: maximumObjects, characters: maximumCharacters, path: [] });
  }

  function copy(value: unknown, walk: Walk): unknown {
    switch (typeof value) {
      case 'string':
        return copyText(value, walk);
      case 'bigint':
        return value < largestShownInteger && value > -largestShownInteger ? value.toString() : '[too long]';
      case 'function':
      case 'symbol':
        return `[${typeof value}]`;
      case 'object':
        return value === null ? null : enter(value, walk);
      default:
        return value;
    }
  }

  function copyText(value: string, walk: Walk): string {
    const text = redactText(value);
    if (walk.characters < text.length) return '[too long]';
    walk.characters -= text.length;
    return text;
  }

  function enter(value: object, walk: Walk): unknown {
    if (walk.path.includes(value)) return '[circular]';
    if (walk.path.length >= maximumDepth) return '[too deep]';
    if (--walk.objects < 0) return '[too many]';
    walk.path.push(value);
    try {
      return copyObject(value, walk);
    } catch {
      // A revoked proxy, a trap or a getter that throws.
      return unreadable;
    } finally {
      walk.path.pop();
    }
  }

  function copyObject(value: object, walk: Walk): unknown {
    if (Array.isArray(value)) return copyList(value, value.length, walk);
    // Nearly everything that is logged, so it is spared the questions below.
    if (Object.getPrototypeOf(value) === Object.prototype) return copyFields(value, walk);
    if (value instanceof Error || types.isNativeError(value)) return copyError(value, walk);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return `[${value.byteLength} bytes]`;
    if (value instanceof Map || isPairs(value)) return copyPairs(value, walk);
    if (value instanceof Set) return copyList(value, value.size, walk);
    if (value instanceof URL || types.isBoxedPrimitive(value)) return copyText(toText(value), walk);
    return copyFields(value, walk);
  }

  function copyList(items: Iterable<unknown>, size: number, walk: Walk): unknown[] {
    const result: unknown[] = [];
    let previous: unknown;
    for (const item of items) {
      if (result.length >= maximumEntries) {
        result.push(`[${size - maximumEntries} more]`);
        break;
      }
      result.push(isLabel(previous) ? redacted : copy(item, walk));
      previous = item;
    }
    return result;
  }

  /** `{ name: 'authorization', value: … }`, as headers and attributes are written in many formats. */
  function isNamedSecret(value: object): boolean {
    return isLabel(read(value, 'name')) || isLabel(read(value, 'key'));
  }

  function copyFields(value: object, walk: Walk): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    const keys = Object.keys(value);
    for (let index = 0; index < keys.length && index < maximumEntries; index++) {
      const key = keys[index] as string;
      const hidden = key === 'value' && isNamedSecret(value);
      put(result, { key, item: hidden ? redacted : read(value, key), walk });
    }
    if (keys.length > maximumEntries) result['…'] = `[${keys.length - maximumEntries} more]`;
    return result;
  }

  function copyPairs(pairs: Iterable<readonly [unknown, unknown]>, walk: Walk): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    let count = 0;
    for (const [key, item] of pairs) {
      if (count++ < maximumEntries) put(result, { key: toText(key), item, walk });
      else break;
    }
    if (count > maximumEntries) result['…'] = '[more]';
    return result;
  }

  /** What tells most first: name, message and stack, then what a library added, then what caused it. */
  function copyError(error: Error, walk: Walk): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const key of ['name', 'message', 'stack']) put(result, { key, item: read(error, key), walk });
    for (const key of Object.keys(error).slice(0, maximumEntries)) {
      if (!namedFields.includes(key)) put(result, { key, item: read(error, key), walk });
    }
    for (const key of ['cause', 'errors']) {
      const item = read(error, key);
      if (item !== undefined) put(result, { key, item, walk });
    }
    return result;
  }

  function put(
    target: Record<string, unknown>,
    { key, item, walk }: { key: string; item: unknown; walk: Walk },
  ): void {
    const { sensitive, shown } = judgeKey(key);
    const value = sensitive ? redacted : copy(item, walk);
    walk.characters -= shown.length;
    if (shown === '__proto__') {
      // An assignment would change the prototype instead.
      Object.defineProperty(target, shown, { value, enumerable: true, configurable: true, writable: true });
    } else {
      target[shown] = value;
    }
  }

  return { isSensitive, judgeKey, sanitise, attribute, attributeValue, redactText };
}

/** Verdicts on keys, remembered for a bounded number of them. */
function createKeyMemory(isSensitive: KeyJudge, redactText: RedactText): (key: string) => KeyVerdict {
  const remembered = new Map<string, KeyVerdict>();
  return (key) => {
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const shown = redactText(key).slice(0, maximumKeyLength);
    const verdict = { sensitive: isSensitive(key), shown };
    if (key.length <= maximumKeyLength && remembered.size < maximumRemembered) remembered.set(key, verdict);
    return verdict;
  };
}

/** Headers, query parameters and forms of the platform: lists of pairs, without fields of their own. */
function isPairs(value: object): value is Iterable<readonly [unknown, unknown]> {
  const tag = Object.prototype.toString.call(value);
  return tag === '[object Headers]' || tag === '[object URLSearchParams]' || tag === '[object FormData]';
}

const namedFields: readonly string[] = ['name', 'message', 'stack', 'cause', 'errors'];

function read(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return unreadable;
  }
}
