import { maximumBatch, type RevocationSnapshot, type RevokedSubject } from './revocation-repository.ts';

/** Up to where somebody has heard of revocations. */
export interface Position {
  readonly epoch: string;
  readonly sequence: number;
}

/** What somebody at a position has to be told. */
export interface RevocationNews {
  readonly position: Position;
  /** It cannot be said what happened since: everything must be forgotten. */
  readonly reset: boolean;
  readonly revocations: readonly RevokedSubject[];
}

/** The position a caller handed in; undefined for none, or one we never gave out. */
export function parseCursor(cursor: string): Position | undefined {
  const match = /^([0-9a-f]{32})\.(\d{1,15})$/.exec(cursor);
  const [, epoch, sequence] = match ?? [];
  return epoch === undefined ? undefined : { epoch, sequence: Number(sequence) };
}

export function formatCursor({ epoch, sequence }: Position): string {
  return `${epoch}.${sequence}`;
}

/**
 * What has happened since the position. Numbers have no gaps, so that a count that differs means that some were
 * deleted meanwhile; a position ahead of the head is one of another life of the database.
 */
export function newsSince(position: Position | undefined, snapshot: RevocationSnapshot): RevocationNews {
  const { epoch, head } = snapshot;
  const now = { epoch, sequence: head };
  const behind = position?.epoch === epoch ? head - position.sequence : -1;
  if (position === undefined || behind < 0 || behind > maximumBatch) {
    return { position: now, reset: true, revocations: [] };
  }
  const revocations = snapshot.revocations.filter(({ sequence }) => sequence > position.sequence);
  return revocations.length === behind
    ? { position: now, reset: false, revocations }
    : { position: now, reset: true, revocations: [] };
}
