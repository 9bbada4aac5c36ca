const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** One press of Ctrl-C may arrive twice: from the terminal, and from a parent that passes it on. */
const echoMs = 400;

/** The wish to stop: the first signal, or the end of whoever reads our output. A second signal is impatience. */
export class StopRequest {
  /** Resolves with the signal at the first wish. */
  readonly requested: Promise<NodeJS.Signals | 'EPIPE'>;
  /** Aborted at the first wish. */
  readonly signal: AbortSignal;
  #abort = new AbortController();
  #resolve: (cause: NodeJS.Signals | 'EPIPE') => void;
  #requestedAtMs: number | undefined;
  #onImpatience: () => void;

  constructor(options: { onImpatience: () => void }) {
    const { promise, resolve } = Promise.withResolvers<NodeJS.Signals | 'EPIPE'>();
    this.requested = promise;
    this.signal = this.#abort.signal;
    this.#resolve = resolve;
    this.#onImpatience = options.onImpatience;
    for (const name of signals) process.on(name, () => this.#note(name));
    for (const stream of [process.stdout, process.stderr]) {
      stream.on('error', () => this.#request('EPIPE'));
    }
  }

  #note(name: NodeJS.Signals): void {
    if (this.#requestedAtMs === undefined) this.#request(name);
    else if (performance.now() - this.#requestedAtMs > echoMs) this.#onImpatience();
  }

  #request(cause: NodeJS.Signals | 'EPIPE'): void {
    this.#requestedAtMs ??= performance.now();
    this.#resolve(cause);
    this.#abort.abort();
  }
}
