import { chatObserver } from '../../dialects/chat/observer.ts';
import { completionsObserver } from '../../dialects/completions/observer.ts';
import { embeddingsObserver } from '../../dialects/embeddings/observer.ts';
import { responsesObserver } from '../../dialects/responses/observer.ts';
import { type ConnectContext, connect } from '../http/connect.ts';
import { HttpProvider } from '../http/http-provider.ts';
import { sendUnchanged } from '../http/wire.ts';
import type { Provider } from '../provider.ts';
import type { ProviderConfig } from '../provider-config.ts';
import { generationRequest, responsesRequest } from './request.ts';

/** Any server that speaks the API of OpenAI. The base URL goes up to and including `/v1`. */
export function createOpenAiProvider(config: ProviderConfig, context: ConnectContext): Provider {
  const { name, models, baseUrl, apiKey, injectUsage } = config;
  const { search } = new URL(baseUrl);
  return new HttpProvider({
    name,
    models,
    baseUrl,
    headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
    secrets: apiKey === undefined ? [] : [apiKey],
    wires: {
      chat: {
        path: () => `/chat/completions${search}`,
        prepare: (request) => generationRequest(request, { injectUsage }),
        observer: chatObserver,
      },
      completions: {
        path: () => `/completions${search}`,
        prepare: (request) => generationRequest(request, { injectUsage }),
        observer: completionsObserver,
      },
      ...(config.speaksResponses === true && {
        responses: {
          path: () => `/responses${search}`,
          prepare: responsesRequest,
          observer: responsesObserver,
        },
      }),
      embeddings: {
        path: () => `/embeddings${search}`,
        prepare: sendUnchanged,
        observer: embeddingsObserver,
      },
    },
    connection: connect(baseUrl, context),
  });
}
