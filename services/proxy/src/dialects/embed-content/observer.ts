import type { Observer } from '../observer.ts';

/** Reads answers of batchEmbedContents, which count nothing. */
export const embedContentObserver: Observer = {
  endMarker: undefined,
  answer() {
    // It says nothing about itself.
  },
  event: () => 'lifecycle',
};
