import { excerpt } from '@ibex/telemetry/privacy';
import { MalformedOtlpError } from '../decode-error.ts';
import type { JsonObject } from './fields.ts';
import { asObject } from './fields.ts';

/** Levels of objects and arrays; the deepest attribute the receiver keeps needs half of them. */
const MAX_DEPTH = 128;
/** Objects and arrays in one body, which cost far more memory parsed than written. */
const MAX_NODES = 2_000_000;

/**
 * Parses an OTLP/JSON body. Integers that a double cannot hold become bigint.
 * @throws {MalformedOtlpError} when it is no JSON object, or nested deeper or wider than the bounds.
 */
export function parseJson(body: Buffer): JsonObject {
  requireBounded(body);
  const text = body.toString('utf8');
  let parsed: unknown;
  try {
    parsed = UNQUOTED_LONG_INTEGER.test(text) ? JSON.parse(text, keepLongIntegers) : JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? excerpt(error.message, 200) : '';
    throw new MalformedOtlpError('', `the body is not JSON: ${detail}`);
  }
  return asObject(parsed, 'the body');
}

/** Most senders quote 64-bit integers as the specification says; the slower parse is for those that do not. */
const UNQUOTED_LONG_INTEGER = /[:,[]\s*-?\d{16}/;

function keepLongIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return /^-?\d{16,20}$/.test(source) ? BigInt(source) : value;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

function requireBounded(body: Buffer): void {
  let depth = 0;
  let nodes = 0;
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index];
    if (byte === QUOTE) index = endOfString(body, index);
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
      nodes += 1;
      if (depth > MAX_DEPTH)
        throw new MalformedOtlpError(
          '',
          `the body is nested deeper than ${MAX_DEPTH} levels (at byte ${index})`,
        );
      if (nodes > MAX_NODES)
        throw new MalformedOtlpError('', `the body has more than ${MAX_NODES} objects and arrays`);
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
  }
}

/** The index of the quote that ends the string starting at `start`, or the body's end. */
function endOfString(body: Buffer, start: number): number {
  for (let index = start + 1; index < body.length; index += 1) {
    if (body[index] === BACKSLASH) index += 1;
    else if (body[index] === QUOTE) return index;
  }
  return body.length;
}
