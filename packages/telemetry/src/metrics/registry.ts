import type {
  ConfiguredSetName,
  ContractDefinition,
  LabelsOf,
  MetricDefinition,
  MetricName,
} from '@ibex/contract';
import type { LabelValuesByName } from './cell-tree.ts';
import { CounterCell, GaugeCell, HistogramCell } from './cells.ts';
import { CellExemplars, Exemplars } from './exemplars.ts';
import { type AnyMetric, renderMetrics } from './exposition.ts';
import type { ExpositionFormat } from './format.ts';
import { ClosedLabel, ConfiguredSet, type OnViolation } from './label-values.ts';
import { Metric } from './metric.ts';
import { contentTypes, negotiateFormat } from './negotiate.ts';

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
  /** Takes the series of these labels out, for what is no longer there. What it was bound to before moves nothing any more. */
  remove(labels: Labels): void;
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
  /** Told of each violation, besides its being counted. */
  readonly onViolation?: OnViolation;
}

/** What answers a scrape. */
export interface Scrape {
  readonly contentType: string;
  readonly body: string;
}

const violationsMetric = 'ibex_contract_violations_total';

/** Every metric of a contract, registered at once; nothing else can be registered. */
export class MetricRegistry<Contract extends ContractDefinition> {
  /** For what connects observations with traces. */
  readonly exemplars = new Exemplars();
  readonly #collectors = new Set<() => void>();
  readonly #metrics = new Map<string, AnyMetric>();
  readonly #configured = new Map<string, ConfiguredSet>();
  readonly #service: string;
  readonly #onViolation: OnViolation;

  constructor(contract: Contract, options: RegistryOptions) {
    this.#service = options.service;
    this.#onViolation = options.onViolation ?? (() => {});
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
      remove: (labels) => metric.remove(labels as LabelValuesByName),
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
   * Adds a name to a configured set, e.g. a model that has just answered: from then on it is a label value of its own.
   * Cheap for a name that is in. False, and counted, when the set is full or the value is no name: letters, digits and
   * `. _ : / @ + -`, beginning with a letter, a digit or `@`, at most 128 characters.
   */
  admit(set: ConfiguredSetName<Contract>, value: string): boolean {
    return this.#admit(set, value);
  }

  /** Counts something outside the contract, and has it warned of; `place` says where it was, as the contract names it. */
  readonly reportViolation: OnViolation = (kind, place) => {
    const violations = this.#metrics.get(violationsMetric) as Metric<CounterCell> | undefined;
    violations?.cell({ kind }).increment();
    this.#onViolation(kind, place);
  };

  /**
   * Has `collect` called before each exposition, to set what is only known when it is asked for. It must not throw.
   * @returns A function that ends it.
   */
  onCollect(collect: () => void): () => void {
    this.#collectors.add(collect);
    return () => this.#collectors.delete(collect);
  }

  /** All metrics as text. Exemplars are in OpenMetrics only. */
  exposition(format: ExpositionFormat = 'text'): string {
    for (const collect of this.#collectors) collect();
    const text = renderMetrics(this.#metrics.values(), format);
    this.exemplars.scrapes++;
    return text;
  }

  /** The answer to a scrape, in the format its `Accept` header asks for. */
  scrape(accept: string | undefined): Scrape {
    const format = negotiateFormat(accept);
    return { contentType: contentTypes[format], body: this.exposition(format) };
  }

  #admit(set: string, value: string): boolean {
    const configured = this.#configured.get(set);
    const refusal = configured === undefined ? 'configured_limit' : configured.admit(value);
    if (refusal !== undefined) this.reportViolation(refusal, set);
    return refusal === undefined;
  }

  #createMetric(name: string, definition: MetricDefinition): AnyMetric {
    const labels = Object.entries(definition.labels).map(([label, values]) => {
      const configured =
        'configured' in values ? this.#configuredSet(values.configured, values.limit) : undefined;
      return new ClosedLabel(label, values, { service: this.#service, configured });
    });
    // A violation that is itself outside the contract has nowhere to be counted.
    const onViolation = name === violationsMetric ? () => {} : this.reportViolation;
    const startsAtZero = definition.services.includes(this.#service);
    const options = { labels, onViolation, startsAtZero };
    const createExemplars = () =>
      definition.exemplars === true ? new CellExemplars(this.exemplars) : undefined;
    switch (definition.type) {
      case 'counter':
        return new Metric(name, definition, {
          ...options,
          createCell: () => new CounterCell(createExemplars()),
        });
      case 'gauge':
        return new Metric(name, definition, { ...options, createCell: () => new GaugeCell() });
      case 'histogram':
        return new Metric(name, definition, {
          ...options,
          createCell: () => new HistogramCell(definition.buckets ?? [], createExemplars()),
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
}
