import type { Provider } from '../providers/provider.ts';

/** One way to serve a model. */
export interface Target {
  readonly provider: Provider;
  /** The model by its name there; undefined for the name the client asked for. */
  readonly model: string | undefined;
  /** The model's name in metrics: names nobody configured share `other`. */
  readonly label: string;
  /** Its share of the requests among the targets of the same route. */
  readonly weight: number;
}

/** How a model is served. */
export interface Route {
  /** The model, or the pattern, that it is for. */
  readonly id: string;
  readonly targets: readonly [Target, ...Target[]];
}
