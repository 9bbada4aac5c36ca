import { chatObserver } from '../../dialects/chat/observer.ts';
import { completionsObserver } from '../../dialects/completions/observer.ts';
import { embeddingsObserver } from '../../dialects/embeddings/observer.ts';
import type { ModelRequest } from '../../dialects/model-request.ts';
import { type ConnectContext, connect } from '../http/connect.ts';
import { HttpProvider } from '../http/http-provider.ts';
import { sendUnchanged } from '../http/wire.ts';
import { generationRequest } from '../openai/request.ts';
import type { Provider } from '../provider.ts';
import type { ProviderConfig } from '../provider-config.ts';

/** The version of the API that is asked for where the configuration names none. */
const defaultApiVersion = '2024-10-21';

/**
 * OpenAI's models in Azure: the model is the name of a deployment and stands in the path. The base URL is the resource's,
 * e.g. `https://acme.openai.azure.com/openai`.
 */
export function createAzureProvider(config: ProviderConfig, context: ConnectContext): Provider {
  const { name, models, baseUrl, apiKey, injectUsage, apiVersion = defaultApiVersion } = config;
  const path = (method: string) => (request: ModelRequest) =>
    `/deployments/${encodeURIComponent(request.model)}/${method}?api-version=${apiVersion}`;
  return new HttpProvider({
    name,
    models,
    baseUrl,
    headers: apiKey === undefined ? {} : { 'api-key': apiKey },
    secrets: apiKey === undefined ? [] : [apiKey],
    wires: {
      chat: {
        path: path('chat/completions'),
        prepare: (request) => generationRequest(request, { injectUsage }),
        observer: chatObserver,
      },
      completions: {
        path: path('completions'),
        prepare: (request) => generationRequest(request, { injectUsage }),
        observer: completionsObserver,
      },
      embeddings: {
        path: path('embeddings'),
        prepare: sendUnchanged,
        observer: embeddingsObserver,
      },
    },
    connection: connect(baseUrl, context),
  });
}
