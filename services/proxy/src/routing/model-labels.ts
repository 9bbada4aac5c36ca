import type { CallSink } from '../calls/call-end.ts';

/** The name in metrics of models that have none of their own. */
export const unnamedModel = 'other';

/** Most names remembered as refused, so that they are not offered again with every answer. */
const maximumRefused = 256;

/**
 * The models that have a name of their own in metrics: those of the configuration, and those that have answered, up to the
 * cap of the contract. What a client only asks for mints no series.
 */
export class ModelLabels {
  readonly #known: Set<string>;
  readonly #refused = new Set<string>();
  readonly #admit: (model: string) => boolean;

  /** `admit` takes a name into the label's set, or refuses it. */
  constructor(configured: readonly string[], admit: (model: string) => boolean) {
    this.#admit = admit;
    this.#known = new Set(configured.filter(admit));
  }

  /** The model as metrics name it. */
  labelOf(model: string): string {
    return this.#known.has(model) ? model : unnamedModel;
  }

  /** Gives a model its name when it has answered. */
  readonly sink: CallSink = ({ status, served }) => {
    if (status !== 'ok' || served.label !== unnamedModel || this.#refused.has(served.model)) return;
    if (this.#admit(served.model)) this.#known.add(served.model);
    else if (this.#refused.size < maximumRefused) this.#refused.add(served.model);
  };
}
