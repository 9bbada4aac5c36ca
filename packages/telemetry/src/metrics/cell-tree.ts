export type LabelValuesByName = Readonly<Record<string, string>>;

type Branch = Map<string | undefined, Branch>;

/**
 * The cells of a metric by the values of its labels: one map in another for each label, so that finding a cell takes one
 * look-up per label and nothing else. Measured with three labels: 25 ns, against 39 ns with a number made of the values'
 * indices. The first three look-ups are written out, as the loop alone takes 5 to 10 ns.
 */
export class CellTree<Cell> {
  readonly #depth: number;
  readonly #first: string;
  readonly #second: string;
  readonly #third: string;
  readonly #rest: readonly string[];
  /** Leaves are cells. Without labels there is one, under `undefined`. */
  readonly #root: Branch = new Map();

  constructor(names: readonly string[]) {
    this.#depth = names.length;
    [this.#first = '', this.#second = '', this.#third = '', ...this.#rest] = names;
  }

  find(values: LabelValuesByName): Cell | undefined {
    let branch: Branch | undefined = this.#root.get(values[this.#first]);
    if (branch === undefined || this.#depth <= 1) return branch as Cell | undefined;
    branch = branch.get(values[this.#second]);
    if (branch === undefined || this.#depth === 2) return branch as Cell | undefined;
    branch = branch.get(values[this.#third]);
    if (branch === undefined || this.#depth === 3) return branch as Cell | undefined;
    for (const name of this.#rest) {
      branch = branch.get(values[name]);
      if (branch === undefined) return undefined;
    }
    return branch as Cell | undefined;
  }

  /** Takes a cell out, and returns it where there was one. */
  delete(values: LabelValuesByName): Cell | undefined {
    const cell = this.find(values);
    if (cell === undefined) return undefined;
    const path = [this.#first, this.#second, this.#third, ...this.#rest].slice(0, Math.max(this.#depth, 1));
    const branches = [this.#root];
    for (const name of path.slice(0, -1)) branches.push(branches.at(-1)?.get(values[name]) ?? new Map());
    // Branches that are empty then go as well.
    for (const name of path.toReversed()) {
      const branch = branches.pop();
      branch?.delete(values[name]);
      if (branch === undefined || branch.size > 0) break;
    }
    return cell;
  }

  /** Puts a cell where `find` looks for these values, given in the order of the labels. */
  add(values: readonly string[], cell: Cell): void {
    let branch = this.#root;
    for (const value of values.slice(0, -1)) {
      const next: Branch = branch.get(value) ?? new Map();
      branch.set(value, next);
      branch = next;
    }
    branch.set(values.at(-1), cell as Branch);
  }
}
