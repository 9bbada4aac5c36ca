import { setTimeout as wait } from 'node:timers/promises';

/**
 * Waits for the first event of a stream, so that a failure before it can still be answered by another attempt; no longer
 * than `waitMs`, since the client has to see signs of life. Nothing is lost: the stream returned begins with that event.
 */
export async function begunStream(
  events: AsyncIterable<Uint8Array>,
  waitMs: number,
): Promise<AsyncIterable<Uint8Array>> {
  const iterator = events[Symbol.asyncIterator]();
  const first = iterator.next();
  // A failure that comes too late is thrown when the stream is read.
  first.catch(() => undefined);
  const timeUp = new AbortController();
  try {
    await Promise.race([first, wait(waitMs, undefined, { signal: timeUp.signal })]);
  } finally {
    timeUp.abort();
  }
  return resume(first, iterator);
}

async function* resume(
  first: Promise<IteratorResult<Uint8Array>>,
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let finished = false;
  try {
    for (let result = await first; result.done !== true; result = await iterator.next()) yield result.value;
    finished = true;
  } finally {
    if (!finished) await iterator.return?.();
  }
}
