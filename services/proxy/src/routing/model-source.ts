import type { StreamingPolicy } from '../pipeline/streaming-policy.ts';
import type { Provider } from '../providers/provider.ts';
import type { Circuits } from './circuits.ts';
import type { Router } from './router.ts';

export interface ModelsParts {
  readonly router: Router;
  readonly providers: readonly Provider[];
  readonly streaming: StreamingPolicy;
  readonly circuits: Circuits;
}

/** The models as one configuration says: who serves them, the providers behind, and how streams are treated. */
export class Models {
  readonly router: Router;
  readonly streaming: StreamingPolicy;
  readonly #providers: readonly Provider[];
  readonly #circuits: Circuits;
  #calls = 0;
  #retired = false;
  #closed: Promise<unknown> | undefined;

  constructor({ router, providers, streaming, circuits }: ModelsParts) {
    this.router = router;
    this.streaming = streaming;
    this.#providers = providers;
    this.#circuits = circuits;
  }

  /** Keeps the providers open until what is returned is called; further calls of that change nothing. */
  hold(): () => void {
    this.#calls += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#calls -= 1;
      if (this.#retired && this.#calls === 0) void this.close();
    };
  }

  /** Closes the providers when the last call of them has ended. */
  retire(): void {
    this.#retired = true;
    this.#circuits.retire();
    if (this.#calls === 0) void this.close();
  }

  /** Closes the providers; calls under way are cut. */
  async close(): Promise<void> {
    this.#closed ??= Promise.all(this.#providers.map((provider) => provider.close()));
    await this.#closed;
  }
}

/** The models as they are served now. Whoever serves a request asks once, so that it sees one configuration. */
export class ModelSource {
  #current: Models;

  constructor(models: Models) {
    this.#current = models;
  }

  get current(): Models {
    return this.#current;
  }

  get router(): Router {
    return this.#current.router;
  }

  /** Serves other models from now on; calls under way end with the providers they began with. */
  replace(models: Models): void {
    const previous = this.#current;
    this.#current = models;
    previous.retire();
  }

  /** Closes the providers; calls under way are cut. */
  async close(): Promise<void> {
    await this.#current.close();
  }
}
