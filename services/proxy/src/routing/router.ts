import type { components } from '@ibex/api/proxy';
import { ApiError } from '../api-error.ts';
import { quote } from '../json.ts';
import type { Provider } from '../providers/provider.ts';
import type { Route } from './route.ts';

const shownModels = 20;

/** The model as the API lists it. */
export type ModelBody = components['schemas']['Model'];

interface ServedRoute {
  readonly route: Route;
  readonly provider: Provider;
}

/** Which provider serves which model. Decided once, when the configuration is read. */
export class Router {
  readonly #exact = new Map<string, ServedRoute>();
  readonly #prefixes: (ServedRoute & { readonly prefix: string })[] = [];
  readonly #createdUnixSeconds = Math.floor(Date.now() / 1000);

  /** `serve` makes the provider of a route; the first route for a model wins, then the longest prefix. */
  constructor(routes: readonly Route[], serve: (route: Route) => Provider) {
    for (const route of routes) {
      const served = { route, provider: serve(route) };
      if (route.id.endsWith('*')) this.#prefixes.push({ ...served, prefix: route.id.slice(0, -1) });
      else if (!this.#exact.has(route.id)) this.#exact.set(route.id, served);
    }
    this.#prefixes.sort((one, other) => other.prefix.length - one.prefix.length);
  }

  /** The models by name, in the order of the configuration. */
  list(): readonly ModelBody[] {
    return [...this.#exact.values()].map(({ route }) => this.#body(route));
  }

  /**
   * The model, also one that is served as every model whose name begins so.
   *
   * @throws {ApiError} 404 naming the models there are.
   */
  describe(id: string): ModelBody {
    return this.#body({ ...this.#serving(id).route, id });
  }

  /**
   * Who serves the model.
   *
   * @throws {ApiError} 404 naming the models there are.
   */
  find(id: string): Provider {
    return this.#serving(id).provider;
  }

  #serving(id: string): ServedRoute {
    const served = this.#exact.get(id) ?? this.#prefixes.find(({ prefix }) => id.startsWith(prefix));
    if (served !== undefined) return served;
    throw this.#notFound(id);
  }

  #body({ id, targets }: Route): ModelBody {
    return { id, object: 'model', created: this.#createdUnixSeconds, owned_by: targets[0].provider.name };
  }

  #notFound(id: string): ApiError {
    const names = [...this.#exact.keys()];
    const more = names.length > shownModels ? ` and ${names.length - shownModels} more` : '';
    return new ApiError(404, {
      type: 'invalid_request_error',
      code: 'model_not_found',
      message: `There is no model ${quote(id)} here. The models are: ${names.slice(0, shownModels).join(', ')}${more}.`,
      param: 'model',
    });
  }
}
