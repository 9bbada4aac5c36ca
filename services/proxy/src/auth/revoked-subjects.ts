const maximumSubjects = 1024;

/** What was revoked lately, in its order, so that an answer that a revocation has crossed on its way is noticed. */
export class RevokedSubjects {
  /** The number of the latest revocation of a subject, the oldest first. */
  readonly #numbers = new Map<string, number>();
  #latest = 0;
  /** Of what was revoked up to here, not every subject is known. */
  #forgotten = 0;

  /** The present, for `since`. */
  mark(): number {
    return this.#latest;
  }

  add(subject: string): void {
    this.#latest += 1;
    this.#numbers.delete(subject);
    this.#numbers.set(subject, this.#latest);
    if (this.#numbers.size <= maximumSubjects) return;
    const [oldest] = this.#numbers;
    if (oldest === undefined) return;
    this.#numbers.delete(oldest[0]);
    this.#forgotten = oldest[1];
  }

  /** Everything may have been revoked. */
  addAll(): void {
    this.#latest += 1;
    this.#forgotten = this.#latest;
    this.#numbers.clear();
  }

  /** Whether one of the subjects was revoked after the mark, or may have been. */
  since(mark: number, subjects: readonly string[]): 'revoked' | 'unknown' | undefined {
    if (subjects.some((subject) => (this.#numbers.get(subject) ?? 0) > mark)) return 'revoked';
    return this.#forgotten > mark ? 'unknown' : undefined;
  }
}
