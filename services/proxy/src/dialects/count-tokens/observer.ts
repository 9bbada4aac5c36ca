import type { Observer } from '../observer.ts';

/** Reads counts, which are neither answers of a model nor billed. */
export const countTokensObserver: Observer = {
  endMarker: undefined,
  answer() {
    // Nothing is generated.
  },
  event: () => 'lifecycle',
};
