import type { Provider } from '../providers/provider.ts';
import type { RoutePolicy } from './policy.ts';

/** One way to serve a model. */
export interface Target {
  readonly provider: Provider;
  /** The model by its name there; undefined for the name the client asked for. */
  readonly model: string | undefined;
  /** Its share of the requests among the targets of the same route. */
  readonly weight: number;
}

/** How a model is served. */
export interface Route {
  /** The model; a name that ends in `*` stands for every one that begins so. */
  readonly id: string;
  /** One is asked first, chosen by weight; the others when it fails. */
  readonly targets: readonly [Target, ...Target[]];
  /** Asked in this order when the targets have failed. */
  readonly fallbacks: readonly Target[];
  readonly policy: RoutePolicy;
}
