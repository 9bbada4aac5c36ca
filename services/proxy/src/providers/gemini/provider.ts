import { embedContentObserver } from '../../dialects/embed-content/observer.ts';
import { generateContentObserver } from '../../dialects/generate-content/observer.ts';
import type { ModelRequest } from '../../dialects/model-request.ts';
import { type ConnectContext, connect } from '../http/connect.ts';
import { HttpProvider } from '../http/http-provider.ts';
import { sendUnchanged } from '../http/wire.ts';
import type { Provider } from '../provider.ts';
import type { ProviderConfig } from '../provider-config.ts';

function pathOf({ model }: ModelRequest, method: string): string {
  return `/models/${encodeURIComponent(model)}:${method}`;
}

/** Google's Gemini API. The base URL goes up to and including `/v1beta`; the key travels in a header, never in the URL. */
export function createGeminiProvider(config: ProviderConfig, context: ConnectContext): Provider {
  const { name, models, baseUrl, apiKey } = config;
  return new HttpProvider({
    name,
    models,
    baseUrl,
    headers: apiKey === undefined ? {} : { 'x-goog-api-key': apiKey },
    secrets: apiKey === undefined ? [] : [apiKey],
    wires: {
      generate_content: {
        path: (request) =>
          pathOf(request, request.stream ? 'streamGenerateContent?alt=sse' : 'generateContent'),
        prepare: sendUnchanged,
        observer: generateContentObserver,
      },
      embed_content: {
        path: (request) => pathOf(request, 'batchEmbedContents'),
        prepare: sendUnchanged,
        observer: embedContentObserver,
      },
    },
    connection: connect(baseUrl, context),
  });
}
