/** A figure with its peers and its target, as every benchmark answers with `--json`. */
export interface Row {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly ibex: number;
  readonly peers: Readonly<Record<string, number>>;
  /** Ibex over what it is compared with; each benchmark says which peer that is. */
  readonly ratio: number;
  readonly target: number;
  readonly met: boolean;
}
