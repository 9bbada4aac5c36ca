import type { components } from '@ibex/api/proxy';
import { ApiError } from '../api-error.ts';
import { quote } from '../json.ts';
import { anyModel, type Provider } from './provider.ts';

const shownModels = 20;

/** A model and who serves it. */
export interface ServedModel {
  readonly id: string;
  readonly provider: Provider;
  /** The model's name in metrics: names nobody configured share one series. */
  readonly label: string;
}

/** The model as the API lists it. */
export type ModelBody = components['schemas']['Model'];

/** Which provider serves which model. Decided once, at start-up. */
export class ModelCatalogue {
  readonly #models = new Map<string, ServedModel>();
  readonly #fallback: Provider | undefined;
  readonly #createdUnixSeconds = Math.floor(Date.now() / 1000);

  /** A model that two providers name belongs to the first. */
  constructor(providers: readonly Provider[]) {
    for (const provider of providers) {
      for (const id of provider.models) {
        if (id === anyModel || this.#models.has(id)) continue;
        this.#models.set(id, { id, provider, label: id });
      }
    }
    this.#fallback = providers.find((provider) => provider.models.includes(anyModel));
  }

  /** The models by name, in the order of the configuration. */
  list(): readonly ModelBody[] {
    return [...this.#models.values()].map((model) => this.#body(model));
  }

  /** @throws {ApiError} 404 naming the models there are. */
  describe(id: string): ModelBody {
    const model = this.#models.get(id);
    if (model === undefined) throw this.#notFound(id);
    return this.#body(model);
  }

  /**
   * Who serves the model.
   *
   * @throws {ApiError} 404 naming the models there are.
   */
  find(id: string): ServedModel {
    const model = this.#models.get(id);
    if (model !== undefined) return model;
    if (this.#fallback !== undefined) return { id, provider: this.#fallback, label: 'other' };
    throw this.#notFound(id);
  }

  #body({ id, provider }: ServedModel): ModelBody {
    return { id, object: 'model', created: this.#createdUnixSeconds, owned_by: provider.name };
  }

  #notFound(id: string): ApiError {
    const names = [...this.#models.keys()];
    const more = names.length > shownModels ? ` and ${names.length - shownModels} more` : '';
    return new ApiError(404, {
      type: 'invalid_request_error',
      code: 'model_not_found',
      message: `There is no model ${quote(id)} here. The models are: ${names.slice(0, shownModels).join(', ')}${more}.`,
      param: 'model',
    });
  }
}
