import type { Provider } from '../providers/provider.ts';
import type { Router } from './router.ts';

/** The models as one configuration says: who serves them, and the providers behind. */
export interface Models {
  readonly router: Router;
  readonly providers: readonly Provider[];
}

/** The models as they are served now. Whoever serves a request asks once, so that it sees one configuration. */
export class ModelSource {
  #current: Models;

  constructor(models: Models) {
    this.#current = models;
  }

  get router(): Router {
    return this.#current.router;
  }

  /** Closes the providers; calls under way are cut. */
  async close(): Promise<void> {
    await Promise.all(this.#current.providers.map((provider) => provider.close()));
  }
}
