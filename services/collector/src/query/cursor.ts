import { createHash } from 'node:crypto';
import type { Position, TimeRange } from '../store/types.ts';
import { invalidParameter, shown } from './problems.ts';

/** Where a search goes on: its range is that of the first page, so that a moving "now" does not shift the pages. */
export interface Continuation {
  range: TimeRange;
  after: Position;
}

const FORMAT = /^1\.([0-9a-f]{8})\.([0-9]{1,13})\.([0-9]{1,13})\.([0-9]{1,19})\.([0-9]{1,19})$/;

/** @param search What was asked, without range and limit: the cursor fits no other search. */
export function encodeCursor(search: object, { range, after }: Continuation): string {
  const parts = [
    1,
    fingerprint(search),
    range.startUnixMs,
    range.endUnixMs,
    after.timeUnixNano,
    after.sequence,
  ];
  return Buffer.from(parts.join('.')).toString('base64url');
}

/** @throws {ProblemError} when the cursor was not made by `encodeCursor` for the same search. */
export function decodeCursor(search: object, cursor: string): Continuation {
  const match = FORMAT.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match === null) {
    throw invalidParameter(
      `'cursor' must be the nextCursor of the page before: it is ${shown(cursor)}. Leave it out to begin at the first page`,
    );
  }
  const [, madeFor = '', start = '', end = '', time = '0', sequence = '0'] = match;
  if (madeFor !== fingerprint(search)) {
    throw invalidParameter(
      "'cursor' belongs to a search with other filters. Repeat the filters of the page before, or leave the cursor out",
    );
  }
  return {
    range: { startUnixMs: Number(start), endUnixMs: Number(end) },
    after: { timeUnixNano: bounded(time), sequence: bounded(sequence) },
  };
}

const MAX_INTEGER = 2n ** 63n - 1n;

function bounded(digits: string): bigint {
  const value = BigInt(digits);
  return value > MAX_INTEGER ? MAX_INTEGER : value;
}

function fingerprint(search: object): string {
  return createHash('sha256').update(JSON.stringify(search, plainBigint)).digest('hex').slice(0, 8);
}

function plainBigint(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
