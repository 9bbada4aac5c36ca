import { type ServerWritableStream, status } from '@grpc/grpc-js';
import type { AuthServiceHandlers } from '@ibex/api/auth';
import type { Telemetry } from '@ibex/telemetry';
import { DatabaseError } from '../database/database.ts';
import { formatCursor, parseCursor, type RevocationNews } from '../revocations/cursor.ts';
import type { RevocationFeed } from '../revocations/revocation-feed.ts';
import type { SubjectKind } from '../revocations/revocation-repository.ts';

export interface RevocationOptions {
  readonly feed: RevocationFeed;
  readonly telemetry: Telemetry;
}

/** A caller that reads so slowly that this much waits for it is told to come again. */
const maximumWaitingMessages = 256;

const subjectKinds = {
  token: 'SUBJECT_KIND_TOKEN',
  agent: 'SUBJECT_KIND_AGENT',
  user: 'SUBJECT_KIND_USER',
  organisation: 'SUBJECT_KIND_ORGANISATION',
} as const satisfies Record<SubjectKind, string>;

function batchOf({ position, reset, revocations }: RevocationNews) {
  return {
    cursor: formatCursor(position),
    reset,
    revocations: revocations.map(({ kind, id }) => ({ kind: subjectKinds[kind], id })),
  };
}

type WatchCall = ServerWritableStream<{ cursor: string }, ReturnType<typeof batchOf>>;

function refuse(call: WatchCall, details: string): void {
  call.destroy(Object.assign(new Error(details), { code: status.RESOURCE_EXHAUSTED, details }));
}

function watch(call: WatchCall, feed: RevocationFeed): void {
  const stop = feed.watch(parseCursor(call.request.cursor), {
    tell: (news) => {
      if (call.writableLength < maximumWaitingMessages) return void call.write(batchOf(news));
      stop?.();
      refuse(call, 'You read too slowly. Ask again with the cursor of the last batch.');
    },
    end: () => call.end(),
  });
  if (stop === undefined) {
    refuse(call, 'Too many are being told of revocations. Ask with ListRevocations.');
    return;
  }
  for (const event of ['cancelled', 'close', 'error']) call.once(event, stop);
}

/** The handlers that tell of revocations. Streams of a stopping service end, and their callers go to another instance. */
export function revocationHandlers({
  feed,
  telemetry,
}: RevocationOptions): Pick<AuthServiceHandlers, 'WatchRevocations' | 'ListRevocations'> {
  return {
    WatchRevocations: (call) => watch(call, feed),
    ListRevocations: (call, callback) => {
      feed.since(parseCursor(call.request.cursor)).then(
        (news) => callback(null, batchOf(news)),
        (error: unknown) => {
          const unavailable = error instanceof DatabaseError && error.unavailable;
          if (!unavailable) telemetry.logger.error('revocations could not be read', { error });
          callback({
            code: unavailable ? status.UNAVAILABLE : status.INTERNAL,
            details: unavailable
              ? 'The database does not answer.'
              : 'The service failed. Its log has the request id.',
          });
        },
      );
    },
  };
}
