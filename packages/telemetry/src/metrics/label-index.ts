import { capacityOf, type LabelValues, other, valuesFor } from '@ibex/contract';

/** Told when a value falls outside its closed set. */
export type OnViolation = (kind: 'label_value' | 'configured_limit', place: string) => void;

/** The values that a configured set has at the moment; shared by all labels that refer to it. */
export class ConfiguredSet {
  readonly limit: number;
  readonly values: string[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Adds a value; false when the set is full. */
  admit(value: string): boolean {
    if (this.values.includes(value)) return true;
    if (this.values.length >= this.limit) return false;
    this.values.push(value);
    return true;
  }
}

/** Turns the values of one label into small integers; the last index is `other`. */
export class LabelIndex {
  readonly name: string;
  readonly capacity: number;
  readonly #closed = new Map<string, number>();
  readonly #configured: ConfiguredSet | undefined;

  constructor(
    name: string,
    values: LabelValues,
    context: { service: string; configured?: ConfiguredSet | undefined },
  ) {
    this.name = name;
    this.capacity = capacityOf(values, context.service);
    this.#configured = context.configured;
    for (const value of valuesFor(values, context.service)) this.#closed.set(value, this.#closed.size);
  }

  /** The value's index; `other` when it is outside the set. */
  indexOf(value: string): { index: number; known: boolean } {
    const index =
      this.#configured === undefined ? this.#closed.get(value) : this.#configured.values.indexOf(value);
    if (index !== undefined && index >= 0) return { index, known: true };
    return { index: this.capacity - 1, known: value === other };
  }

  /** The value an index stands for. */
  valueAt(index: number): string {
    const values = this.#configured?.values ?? [...this.#closed.keys()];
    return values[index] ?? other;
  }
}
