/** What made the process stop. */
export type StopCause = 'SIGINT' | 'SIGTERM' | 'stdin';

/**
 * Resolves at the first reason to stop: SIGINT, SIGTERM, or, when `stdin` is true, the end of standard input, which
 * is how a child notices that its parent is gone. A second signal ends the process at once.
 */
export function untilStopped({ stdin }: { stdin: boolean }): Promise<StopCause> {
  return new Promise((resolve) => {
    let stopping = false;
    const onSignal = (cause: StopCause) => {
      if (stopping && cause !== 'stdin') process.exit(1);
      stopping = true;
      resolve(cause);
    };
    process.on('SIGINT', () => onSignal('SIGINT'));
    process.on('SIGTERM', () => onSignal('SIGTERM'));
    if (stdin) {
      process.stdin.on('end', () => onSignal('stdin'));
      process.stdin.on('close', () => onSignal('stdin'));
      process.stdin.on('error', () => onSignal('stdin'));
      process.stdin.resume();
    }
  });
}
