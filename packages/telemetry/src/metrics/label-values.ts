import { type LabelValues, other, valuesFor } from '@ibex/contract';

export type ViolationKind =
  | 'label_value'
  | 'configured_limit'
  | 'configured_value'
  | 'log_field'
  | 'audit_key';

/** Told when something is outside the contract, and where: a metric and label, a configured set, a field, a key. */
export type OnViolation = (kind: ViolationKind, place: string) => void;

/** What may name a model, a provider or a target: letters, digits and the signs that such names are put together with. */
const configuredName = /^[\p{L}\p{N}@][\p{L}\p{N}._:/@+-]{0,127}$/u;

/** The values that a configured set has at the moment; shared by all labels that refer to it. */
export class ConfiguredSet {
  readonly limit: number;
  readonly values = new Set<string>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Adds a value; else says why not: it is no name, or the set is full. */
  admit(value: string): 'configured_value' | 'configured_limit' | undefined {
    if (this.values.has(value) || value === other) return undefined;
    if (!configuredName.test(value)) return 'configured_value';
    if (this.values.size >= this.limit) return 'configured_limit';
    this.values.add(value);
    return undefined;
  }
}

/** A label and the values it may have at the moment. */
export class ClosedLabel {
  readonly name: string;
  readonly #values: ReadonlySet<string>;

  constructor(
    name: string,
    values: LabelValues,
    context: { service: string; configured?: ConfiguredSet | undefined },
  ) {
    this.name = name;
    this.#values = context.configured?.values ?? new Set(valuesFor(values, context.service));
  }

  has(value: string | undefined): value is string {
    return value !== undefined && (this.#values.has(value) || value === other);
  }
}
