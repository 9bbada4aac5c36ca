import { countTokensObserver } from '../../dialects/count-tokens/observer.ts';
import { messagesObserver } from '../../dialects/messages/observer.ts';
import type { ModelRequest } from '../../dialects/model-request.ts';
import { type ConnectContext, connect } from '../http/connect.ts';
import { HttpProvider } from '../http/http-provider.ts';
import { sendUnchanged } from '../http/wire.ts';
import type { Provider } from '../provider.ts';
import type { ProviderConfig } from '../provider-config.ts';

/** The version of the API that is asked for where the client asks for none. */
const apiVersion = '2023-06-01';

/** What the client asked for goes along, version and betas. */
function headersOf({ headers }: ModelRequest): Readonly<Record<string, string>> {
  return { 'anthropic-version': apiVersion, ...headers };
}

/** The Messages API of Anthropic, and servers that speak it. The base URL goes up to and including `/v1`. */
export function createAnthropicProvider(config: ProviderConfig, context: ConnectContext): Provider {
  const { name, models, baseUrl, apiKey } = config;
  return new HttpProvider({
    name,
    models,
    baseUrl,
    headers: apiKey === undefined ? {} : { 'x-api-key': apiKey },
    secrets: apiKey === undefined ? [] : [apiKey],
    wires: {
      messages: {
        path: () => '/messages',
        prepare: sendUnchanged,
        headers: headersOf,
        observer: messagesObserver,
      },
      count_tokens: {
        path: () => '/messages/count_tokens',
        prepare: sendUnchanged,
        headers: headersOf,
        observer: countTokensObserver,
      },
    },
    connection: connect(baseUrl, context),
  });
}
