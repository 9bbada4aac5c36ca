const maximumKeys = 1_000;

/**
 * Numbers in place of attribute keys, for spans that stay in this process: keys recur, and are a third of a span. They
 * are given once and for the life of the process, to a bounded number of keys.
 */
class KeyNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #keys: string[] = [''];

  /** The number of a key, from 1 on; 0 when there is none left. */
  of(key: string): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#keys.length > maximumKeys) return 0;
    this.#numbers.set(key, this.#keys.length);
    return this.#keys.push(key) - 1;
  }

  keyOf(number: number): string {
    return this.#keys[number] ?? '';
  }
}

export const keyNumbers = new KeyNumbers();
/** The field of a KeyValue that OTLP leaves free, where the number stands. */
export const keyNumberField = 3;
