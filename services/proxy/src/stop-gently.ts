import { setImmediate as nextImmediate, setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, onSendHookHandler } from 'fastify';
import type { CallsInFlight } from './calls/calls-in-flight.ts';
import type { StopTimes } from './stop-times.ts';

/** A turn of the event loop that is shorter had nothing to do but look for what has arrived. */
const quietTurnMs = 0.1;
const longestWaitForQuietMs = 250;

/** Whether the gateway takes new work, for `/readyz`. */
export class Lifecycle {
  #stoppingSince: number | undefined;

  stop(): void {
    this.#stoppingSince ??= performance.now();
  }

  readonly isStopping = (): boolean => this.#stoppingSince !== undefined;

  /** What is left of a stop that may take this long. */
  remainingMs(wholeMs: number): number {
    const elapsedMs = performance.now() - (this.#stoppingSince ?? performance.now());
    return Math.max(0, wholeMs - elapsedMs);
  }

  /** Has a client open another connection for its next request, which another process then serves. */
  readonly sayGoodbye: onSendHookHandler = (_request, reply, payload, done) => {
    if (this.isStopping()) reply.raw.shouldKeepAlive = false;
    done(null, payload);
  };
}

/** Streams send their headers themselves, past the hooks. */
function sayGoodbyeToStreams(app: FastifyInstance): void {
  app.server.prependListener('request', (_request, response) => {
    response.shouldKeepAlive = false;
  });
}

/**
 * Resolves just after a look for new connections that found none, or when that does not come about soon. What waits to be accepted when a port is closed that
 * processes share is reset by the system, unless `net.ipv4.tcp_migrate_req` is set.
 */
async function untilQuiet(): Promise<void> {
  const deadline = performance.now() + longestWaitForQuietMs;
  for (let startedAt = performance.now(); startedAt < deadline; ) {
    await nextImmediate();
    const endedAt = performance.now();
    if (endedAt - startedAt < quietTurnMs) return;
    startedAt = endedAt;
  }
}

/**
 * Stops in order: first it says that it is not ready and asks clients to leave with each answer, then it takes no
 * connections, then it waits for the calls under way. Those that are not done in time are ended with an error, so that no
 * client is cut off without a word.
 */
export async function stopGently(
  app: FastifyInstance,
  { calls, times, lifecycle }: { calls: CallsInFlight; times: StopTimes; lifecycle: Lifecycle },
): Promise<void> {
  lifecycle.stop();
  sayGoodbyeToStreams(app);
  if (times.delayMs > 0) await wait(times.delayMs);
  const timer = setTimeout(() => calls.abortAll(), times.timeoutMs);
  await untilQuiet();
  // At once: Fastify takes some turns before it comes to it.
  const closed = new Promise((resolve) => app.server.close(resolve));
  await Promise.all([closed, app.close()]);
  clearTimeout(timer);
}
