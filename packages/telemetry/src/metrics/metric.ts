import { type MetricDefinition, other } from '@ibex/contract';
import { CellTree, type LabelValuesByName } from './cell-tree.ts';
import { formatLabels } from './format.ts';
import type { ClosedLabel, OnViolation } from './label-values.ts';

/** A series: its rendered labels, e.g. `method="GET",path="/"`, and its values. */
export interface SeriesCell<Cell> {
  readonly prefix: string;
  readonly cell: Cell;
  /** What stands before the values of its samples, by format; kept by the exposition. */
  heads?: readonly string[];
  openMetricsHeads?: readonly string[];
}

export interface MetricOptions<Cell> {
  readonly labels: readonly ClosedLabel[];
  readonly createCell: () => Cell;
  readonly onViolation: OnViolation;
  /** Whether a metric without labels is there, as zero, before it is first moved. */
  readonly startsAtZero: boolean;
}

/** Counting labels costs a third of finding a cell: it is done for this many calls, and from then on for one in as many. */
const callsBetweenChecks = 64;

/** One metric and its series. */
export class Metric<Cell> {
  readonly name: string;
  readonly definition: MetricDefinition;
  readonly #labels: readonly ClosedLabel[];
  readonly #cells: CellTree<Cell>;
  readonly #series: SeriesCell<Cell>[] = [];
  readonly #createCell: () => Cell;
  readonly #onViolation: OnViolation;
  #checksLeft = callsBetweenChecks;
  #callsUntilCheck = 1;

  constructor(name: string, definition: MetricDefinition, options: MetricOptions<Cell>) {
    this.name = name;
    this.definition = definition;
    this.#labels = options.labels;
    this.#cells = new CellTree(options.labels.map((label) => label.name));
    this.#createCell = options.createCell;
    this.#onViolation = options.onViolation;
    if (this.#labels.length === 0 && options.startsAtZero) this.cell({});
  }

  /**
   * The cell of one series, made on first use; values outside a closed set share the series `other`, and count as
   * violations. Labels that do not exist, which no type lets through, are looked for when a series is made, in the first
   * calls, and in one of 64 later: what is counted of them tells that they are there, not how often.
   */
  cell(values: LabelValuesByName): Cell {
    const cell = this.#cells.find(values);
    if (cell === undefined) return this.#fold(values);
    if (--this.#callsUntilCheck === 0) this.#checkNames(values);
    return cell;
  }

  /** Takes a series out. The series `other` is shared and stays, unless it is named itself. */
  remove(values: LabelValuesByName): void {
    const cell = this.#cells.delete(values);
    if (cell === undefined) return;
    const index = this.#series.findIndex((series) => series.cell === cell);
    this.#series.splice(index, 1);
  }

  /** Every series with its rendered labels, e.g. `method="GET",path="/"`. */
  series(): Iterable<SeriesCell<Cell>> {
    return this.#series;
  }

  /** For what is not found as it is: new, or outside a closed set. */
  #fold(values: LabelValuesByName): Cell {
    this.#countNames(values);
    const folded = this.#labels.map((label): readonly [string, string] => {
      const value = values[label.name];
      if (label.has(value)) return [label.name, value];
      this.#onViolation('label_value', `${this.name}.${label.name}`);
      return [label.name, other];
    });
    return this.#cells.find(Object.fromEntries(folded)) ?? this.#addCell(folded);
  }

  #addCell(labels: readonly (readonly [string, string])[]): Cell {
    const cell = this.#createCell();
    this.#series.push({ prefix: formatLabels(labels), cell });
    this.#cells.add(
      labels.map(([, value]) => value),
      cell,
    );
    return cell;
  }

  #checkNames(values: LabelValuesByName): void {
    if (this.#checksLeft > 0) this.#checksLeft--;
    this.#callsUntilCheck = this.#checksLeft > 0 ? 1 : callsBetweenChecks;
    this.#countNames(values);
  }

  #countNames(values: LabelValuesByName): void {
    let given = 0;
    for (const _name in values) given++;
    if (given > this.#labels.length) this.#onViolation('label_value', this.name);
  }
}
