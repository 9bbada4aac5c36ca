import type {
  ConfiguredSetName,
  ContractDefinition,
  LabelsOf,
  MetricDefinition,
  MetricName,
} from '@ibex/contract';
import { CounterCell, GaugeCell, HistogramCell } from './cells.ts';
import { type AnyMetric, renderMetrics } from './exposition.ts';
import { ConfiguredSet, LabelIndex, type OnViolation } from './label-index.ts';
import { type LabelValuesByName, Metric } from './metric.ts';

export interface Counter<Labels> {
  /** Adds `amount` (default 1) to the series of these labels. */
  increment(labels: Labels, amount?: number): void;
  /** The series itself: hold it where it is moved often. */
  bind(labels: Labels): CounterCell;
}

export interface Gauge<Labels> {
  set(labels: Labels, value: number): void;
  add(labels: Labels, delta: number): void;
  bind(labels: Labels): GaugeCell;
}

export interface Histogram<Labels> {
  /** Counts one observation, in the metric's unit. */
  observe(labels: Labels, value: number): void;
  bind(labels: Labels): HistogramCell;
}

export interface RegistryOptions {
  readonly service: string;
  /** Values of the configured sets at start-up. */
  readonly configured: Readonly<Record<string, readonly string[]>>;
}

const violationsMetric = 'ibex_contract_violations_total';

/** Every metric of a contract, registered at once; nothing else can be registered. */
export class MetricRegistry<Contract extends ContractDefinition> {
  readonly #metrics = new Map<string, AnyMetric>();
  readonly #configured = new Map<string, ConfiguredSet>();
  readonly #service: string;

  constructor(contract: Contract, options: RegistryOptions) {
    this.#service = options.service;
    for (const [name, definition] of Object.entries(contract.metrics)) {
      this.#metrics.set(name, this.#createMetric(name, definition));
    }
    for (const [set, values] of Object.entries(options.configured)) {
      for (const value of values) this.#admit(set, value);
    }
  }

  counter<Name extends MetricName<Contract, 'counter'>>(name: Name): Counter<LabelsOf<Contract, Name>> {
    const metric = this.#find<CounterCell>(name, 'counter');
    return {
      increment: (labels, amount) => metric.cell(labels as LabelValuesByName).increment(amount),
      bind: (labels) => metric.cell(labels as LabelValuesByName),
    };
  }

  gauge<Name extends MetricName<Contract, 'gauge'>>(name: Name): Gauge<LabelsOf<Contract, Name>> {
    const metric = this.#find<GaugeCell>(name, 'gauge');
    return {
      set: (labels, value) => metric.cell(labels as LabelValuesByName).set(value),
      add: (labels, delta) => metric.cell(labels as LabelValuesByName).add(delta),
      bind: (labels) => metric.cell(labels as LabelValuesByName),
    };
  }

  histogram<Name extends MetricName<Contract, 'histogram'>>(name: Name): Histogram<LabelsOf<Contract, Name>> {
    const metric = this.#find<HistogramCell>(name, 'histogram');
    return {
      observe: (labels, value) => metric.cell(labels as LabelValuesByName).observe(value),
      bind: (labels) => metric.cell(labels as LabelValuesByName),
    };
  }

  /**
   * Adds a value to a configured set, e.g. a model name; false, and counted, when the set is full or the value is longer
   * than 256 characters.
   */
  admit(set: ConfiguredSetName<Contract>, value: string): boolean {
    return this.#admit(set, value);
  }

  /** The text a scrape gets, in format 0.0.4. */
  exposition(): string {
    return renderMetrics(this.#metrics.values());
  }

  #admit(set: string, value: string): boolean {
    const admitted = this.#configured.get(set)?.admit(value) ?? false;
    if (!admitted) this.#onViolation('configured_limit', set);
    return admitted;
  }

  #createMetric(name: string, definition: MetricDefinition): AnyMetric {
    const labels = Object.entries(definition.labels).map(([label, values]) => {
      const configured =
        'configured' in values ? this.#configuredSet(values.configured, values.limit) : undefined;
      return new LabelIndex(label, values, { service: this.#service, configured });
    });
    // A violation that is itself outside the contract has nowhere to be counted.
    const onViolation = name === violationsMetric ? () => {} : this.#onViolation;
    const startsAtZero = definition.services.includes(this.#service);
    const options = { labels, onViolation, startsAtZero };
    switch (definition.type) {
      case 'counter':
        return new Metric(name, definition, { ...options, createCell: () => new CounterCell() });
      case 'gauge':
        return new Metric(name, definition, { ...options, createCell: () => new GaugeCell() });
      case 'histogram':
        return new Metric(name, definition, {
          ...options,
          createCell: () => new HistogramCell(definition.buckets ?? []),
        });
    }
  }

  #configuredSet(name: string, limit: number): ConfiguredSet {
    const existing = this.#configured.get(name);
    if (existing !== undefined) return existing;
    const created = new ConfiguredSet(limit);
    this.#configured.set(name, created);
    return created;
  }

  #find<Cell>(name: string, type: MetricDefinition['type']): Metric<Cell> {
    const metric = this.#metrics.get(name);
    if (metric?.definition.type !== type) {
      throw new TypeError(
        `"${name}" is not a ${type} of the contract. Declare it in the contract's metrics.`,
      );
    }
    return metric as unknown as Metric<Cell>;
  }

  readonly #onViolation: OnViolation = (kind) => {
    const violations = this.#metrics.get(violationsMetric) as Metric<CounterCell> | undefined;
    violations?.cell({ kind }).increment();
  };
}
