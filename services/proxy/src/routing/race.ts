import type { RunningAttempt } from './running-attempt.ts';

/**
 * The answer of whichever attempt is first: one begins at once, the other when there is no answer after `afterMs`. The
 * slower one is aborted. When all that were begun fail, the last failure is thrown.
 */
export function race<Answer>(
  first: RunningAttempt<Answer>,
  { afterMs, hedge }: { afterMs: number; hedge: () => RunningAttempt<Answer> | undefined },
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const running = new Set<RunningAttempt<Answer>>();

  function follow(attempt: RunningAttempt<Answer>): void {
    running.add(attempt);
    attempt.answer.then(
      (answer) => win(attempt, answer),
      (error) => fail(attempt, error),
    );
  }
  function win(attempt: RunningAttempt<Answer>, answer: Answer): void {
    // The loser of a dead heat has been told already.
    if (!running.delete(attempt)) return;
    clearTimeout(timer);
    for (const other of running) other.lose();
    running.clear();
    attempt.win();
    resolve(answer);
  }
  function fail(attempt: RunningAttempt<Answer>, error: unknown): void {
    running.delete(attempt);
    if (running.size > 0) return;
    clearTimeout(timer);
    reject(error);
  }

  const timer = setTimeout(() => {
    const second = hedge();
    if (second !== undefined) follow(second);
  }, afterMs);
  follow(first);
  return promise;
}
