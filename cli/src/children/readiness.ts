import { setTimeout as sleep } from 'node:timers/promises';
import { http } from '../http/http.ts';
import { send } from '../http/send.ts';
import { errorText, UserError } from '../user-error.ts';

export interface ReadinessOptions {
  /** The service as people know it. */
  readonly name: string;
  /** Where it says whether it is ready. */
  readonly url: string;
  readonly timeoutMs: number;
  /** Ends the waiting; the promise then stays open. */
  readonly signal: AbortSignal;
}

const pollMs = 100;
const answerTimeoutMs = 3_000;

/** Asks until the answer is 200; throws a {@link UserError} with the last answer when that takes too long. */
export async function waitUntilReady(options: ReadinessOptions): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const deadline = performance.now() + options.timeoutMs;
  let last = 'no answer yet';
  try {
    while (performance.now() < deadline && !options.signal.aborted) {
      try {
        const { status, body } = await send(options.url, { agent, timeoutMs: answerTimeoutMs });
        if (status === 200) return;
        last = `HTTP ${status} ${body.slice(0, 300)}`;
      } catch (error) {
        last = errorText(error);
      }
      await sleep(pollMs);
    }
  } finally {
    agent.destroy();
  }
  if (options.signal.aborted) return new Promise(() => undefined);
  throw new UserError(`${options.name} was not ready within ${options.timeoutMs / 1000} s: ${last.trim()}`);
}
