import { type MetricDefinition, other } from '@ibex/contract';
import { formatLabels } from './exposition.ts';
import type { LabelIndex, OnViolation } from './label-index.ts';

export type LabelValuesByName = Readonly<Record<string, string>>;

/** A series: its rendered labels, e.g. `method="GET",path="/"`, and its values. */
export interface SeriesCell<Cell> {
  readonly prefix: string;
  readonly cell: Cell;
  /** What stands before the values of its samples; kept by the exposition. */
  heads?: readonly string[];
}

/** One metric: the cells of its series, found by the mixed-radix number of its label indices. */
export class Metric<Cell> {
  readonly name: string;
  readonly definition: MetricDefinition;
  readonly #labels: readonly LabelIndex[];
  readonly #cells = new Map<number, SeriesCell<Cell>>();
  readonly #createCell: () => Cell;
  readonly #onViolation: OnViolation;

  constructor(
    name: string,
    definition: MetricDefinition,
    options: {
      labels: readonly LabelIndex[];
      createCell: () => Cell;
      onViolation: OnViolation;
      /** Whether a metric without labels is there, as zero, before it is first moved. */
      startsAtZero: boolean;
    },
  ) {
    this.name = name;
    this.definition = definition;
    this.#labels = options.labels;
    this.#createCell = options.createCell;
    this.#onViolation = options.onViolation;
    if (this.#labels.length === 0 && options.startsAtZero) this.cell({});
  }

  /**
   * The cell of one series, made on first use; values outside a closed set share the series `other`. The hot path of
   * every increment by labels: one map look-up per label and one for the cell, no allocation.
   */
  cell(values: LabelValuesByName): Cell {
    let key = 0;
    for (let position = 0; position < this.#labels.length; position++) {
      const label = this.#labels[position] as LabelIndex;
      const index =
        label.indices.get(values[label.name] as string) ?? this.#outside(label, values[label.name]);
      key = key * label.capacity + index;
    }
    let given = 0;
    for (const _name in values) given++;
    if (given > this.#labels.length) this.#onViolation('label_value', this.name);
    return (this.#cells.get(key) ?? this.#addCell(key)).cell;
  }

  /** Every series with its rendered labels, e.g. `method="GET",path="/"`. */
  series(): Iterable<SeriesCell<Cell>> {
    return this.#cells.values();
  }

  /** The index of `other`; a value that is not `other` itself breaks the contract. */
  #outside(label: LabelIndex, value: string | undefined): number {
    if (value !== other) this.#onViolation('label_value', `${this.name}.${label.name}`);
    return label.indices.get(other) ?? label.capacity - 1;
  }

  #addCell(key: number): SeriesCell<Cell> {
    const values: [string, string][] = [];
    let rest = key;
    for (const label of this.#labels.toReversed()) {
      values.unshift([label.name, label.valueAt(rest % label.capacity)]);
      rest = Math.floor(rest / label.capacity);
    }
    const series: SeriesCell<Cell> = { prefix: formatLabels(values), cell: this.#createCell() };
    this.#cells.set(key, series);
    return series;
  }
}
