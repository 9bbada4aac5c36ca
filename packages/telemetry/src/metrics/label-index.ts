import { capacityOf, type LabelValues, other, valuesFor } from '@ibex/contract';

/** Told when a value falls outside its closed set. */
export type OnViolation = (kind: 'label_value' | 'configured_limit', place: string) => void;

/** Longer values are refused: a label is a name, not a text. */
const maximumValueLength = 256;

/** The values that a configured set has at the moment; shared by all labels that refer to it. */
export class ConfiguredSet {
  readonly limit: number;
  readonly indices = new Map<string, number>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Adds a value; false when the set is full or the value is no text that can be told apart in UTF-8. */
  admit(value: string): boolean {
    if (this.indices.has(value) || value === other) return true;
    if (value.length > maximumValueLength || !value.isWellFormed()) return false;
    if (this.indices.size >= this.limit) return false;
    this.indices.set(value, this.indices.size);
    return true;
  }
}

/** Turns the values of one label into small integers; an index that no value has is `other`. */
export class LabelIndex {
  readonly name: string;
  readonly capacity: number;
  /** The index of each known value. */
  readonly indices: ReadonlyMap<string, number>;

  constructor(
    name: string,
    values: LabelValues,
    context: { service: string; configured?: ConfiguredSet | undefined },
  ) {
    this.name = name;
    this.capacity = capacityOf(values, context.service);
    this.indices =
      context.configured?.indices ??
      new Map(valuesFor(values, context.service).map((value, index) => [value, index]));
  }

  /** The value an index stands for. */
  valueAt(index: number): string {
    for (const [value, own] of this.indices) if (own === index) return value;
    return other;
  }
}
