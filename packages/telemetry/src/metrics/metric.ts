import type { MetricDefinition } from '@ibex/contract';
import { formatLabels } from './exposition.ts';
import type { LabelIndex, OnViolation } from './label-index.ts';

export type LabelValuesByName = Readonly<Record<string, string>>;

/** One metric: the cells of its series, found by the mixed-radix number of its label indices. */
export class Metric<Cell> {
  readonly name: string;
  readonly definition: MetricDefinition;
  readonly #labels: readonly LabelIndex[];
  readonly #cells = new Map<number, { readonly prefix: string; readonly cell: Cell }>();
  readonly #createCell: () => Cell;
  readonly #onViolation: OnViolation;

  constructor(
    name: string,
    definition: MetricDefinition,
    options: { labels: readonly LabelIndex[]; createCell: () => Cell; onViolation: OnViolation },
  ) {
    this.name = name;
    this.definition = definition;
    this.#labels = options.labels;
    this.#createCell = options.createCell;
    this.#onViolation = options.onViolation;
    if (this.#labels.length === 0) this.cell({});
  }

  /** The cell of one series, made on first use; values outside a closed set share the series `other`. */
  cell(values: LabelValuesByName): Cell {
    let key = 0;
    for (const label of this.#labels) {
      const { index, known } = label.indexOf(values[label.name] ?? '');
      if (!known) this.#onViolation('label_value', `${this.name}.${label.name}`);
      key = key * label.capacity + index;
    }
    const found = this.#cells.get(key);
    return found === undefined ? this.#addCell(key) : found.cell;
  }

  /** Every series with its rendered labels, e.g. `method="GET",path="/"`. */
  series(): Iterable<{ readonly prefix: string; readonly cell: Cell }> {
    return this.#cells.values();
  }

  #addCell(key: number): Cell {
    const values: [string, string][] = [];
    let rest = key;
    for (const label of this.#labels.toReversed()) {
      values.unshift([label.name, label.valueAt(rest % label.capacity)]);
      rest = Math.floor(rest / label.capacity);
    }
    const cell = this.#createCell();
    this.#cells.set(key, { prefix: formatLabels(values), cell });
    return cell;
  }
}
