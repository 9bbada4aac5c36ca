import type { ServerResponse } from 'node:http';
import type { CallReport } from '../providers/call-report.ts';
import { ProviderFailure } from '../providers/failure.ts';
import type { StreamingPolicy } from './streaming-policy.ts';

export interface StreamWriterOptions {
  readonly raw: ServerResponse;
  readonly report: CallReport;
  readonly policy: StreamingPolicy;
  /** Sent while the provider is silent; undefined for nothing. */
  readonly keepAlive: Uint8Array | undefined;
  readonly onKeepAlive: () => void;
  /** The event that says why a stream ends before its time. */
  readonly errorEvent: (error: unknown) => Uint8Array;
}

/**
 * Writes a provider's events to the client as they come, never faster than it reads. A failure is one more event and then
 * the end, never a bare cut. When the client leaves, the rest is read for its usage if the policy says so.
 */
export async function writeStream(
  events: AsyncIterable<Uint8Array>,
  options: StreamWriterOptions,
): Promise<void> {
  const { raw, errorEvent } = options;
  const keepAlive = startKeepAlive(options);
  try {
    for await (const piece of events) {
      keepAlive?.refresh();
      if (raw.destroyed) return await drain(events, options);
      if (!raw.write(piece)) await drained(raw);
    }
  } catch (error) {
    if (!raw.destroyed) raw.write(errorEvent(error));
  } finally {
    clearInterval(keepAlive);
    if (!raw.destroyed) raw.end();
  }
}

/** Comments between events while nothing else is sent; none while the client has not read what there is. */
function startKeepAlive(options: StreamWriterOptions): NodeJS.Timeout | undefined {
  const { raw, keepAlive, policy, onKeepAlive } = options;
  if (keepAlive === undefined) return undefined;
  return setInterval(() => {
    if (raw.destroyed || raw.writableNeedDrain) return;
    raw.write(keepAlive);
    onKeepAlive();
  }, policy.keepAliveMs);
}

/** Resolves when the client has read, or has left. */
function drained(raw: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (raw.destroyed) return Promise.resolve();
  const done = () => {
    raw.off('drain', done).off('close', done);
    resolve();
  };
  raw.on('drain', done).on('close', done);
  return promise;
}

/** Reads on without writing, within the bounds of the policy. */
async function drain(events: AsyncIterable<Uint8Array>, options: StreamWriterOptions): Promise<void> {
  const { report, policy } = options;
  let bytes = 0;
  for await (const piece of events) {
    bytes += piece.length;
    if (bytes > policy.drain.limitBytes) {
      report.abort(new ProviderFailure('client_left', { provider: report.served?.provider ?? 'none' }));
    }
  }
}
