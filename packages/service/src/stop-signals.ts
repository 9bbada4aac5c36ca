/** What made the process stop. */
export type StopCause = 'SIGINT' | 'SIGTERM' | 'stdin';

/** Within it, a further signal is the first one once more: a terminal and a parent process may each send theirs. */
const sameWishMs = 500;

/**
 * Resolves at the first reason to stop: SIGINT, SIGTERM, or, when `stdin` is true, the end of standard input, which
 * is how a child notices that its parent is gone. A second signal, half a second later or more, ends the process at once.
 */
export function untilStopped({ stdin }: { stdin: boolean }): Promise<StopCause> {
  return new Promise((resolve) => {
    let signalledAt: number | undefined;
    const onSignal = (cause: StopCause) => {
      if (signalledAt !== undefined && performance.now() - signalledAt > sameWishMs) process.exit(1);
      signalledAt ??= performance.now();
      resolve(cause);
    };
    process.on('SIGINT', () => onSignal('SIGINT'));
    process.on('SIGTERM', () => onSignal('SIGTERM'));
    if (stdin) {
      for (const event of ['end', 'close', 'error']) process.stdin.on(event, () => resolve('stdin'));
      process.stdin.resume();
    }
  });
}
