const firstMs = 200;
const longestMs = 2_000;

/** Growing pauses between attempts, spread so that processes do not come all at once. */
export class Backoff {
  #pauseMs = firstMs;

  nextMs(): number {
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(pauseMs * 2, longestMs);
    return pauseMs * (0.5 + Math.random() / 2);
  }

  reset(): void {
    this.#pauseMs = firstMs;
  }
}
