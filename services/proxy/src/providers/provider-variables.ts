import { anyModel } from './provider.ts';
import type { ProviderConfig } from './provider-config.ts';

/** Models that `OPENAI_API_KEY` alone serves by name; every other name is passed on to OpenAI as well. */
const openAiModels = [
  'gpt-5',
  'gpt-5-mini',
  'gpt-5-nano',
  'gpt-4.1',
  'gpt-4.1-mini',
  'gpt-4.1-nano',
  'gpt-4o',
  'gpt-4o-mini',
  'o3',
  'o3-mini',
  'o4-mini',
  anyModel,
];

/** Providers that variables alone bring, each with its key, base URL and, for some, the names of its models by comma. */
export interface ProviderVariables {
  readonly OPENAI_API_KEY?: string | undefined;
  readonly OPENAI_BASE_URL: string;
  readonly OPENAI_MODELS?: string | undefined;
  readonly ANTHROPIC_API_KEY?: string | undefined;
  readonly ANTHROPIC_BASE_URL: string;
  readonly ANTHROPIC_MODELS?: string | undefined;
  readonly GEMINI_API_KEY?: string | undefined;
  readonly GEMINI_BASE_URL: string;
  readonly GEMINI_MODELS?: string | undefined;
}

/** Where OpenAI itself is. */
export const openAiBaseUrl = 'https://api.openai.com/v1';

function readModels(text: string | undefined): readonly string[] | undefined {
  return text
    ?.split(',')
    .map((model) => model.trim())
    .filter((model) => model !== '');
}

/** The upstreams whose key is a variable. */
export function providersFromVariables(variables: ProviderVariables): readonly ProviderConfig[] {
  const known = [
    {
      name: 'openai',
      type: 'openai',
      apiKey: variables.OPENAI_API_KEY,
      baseUrl: variables.OPENAI_BASE_URL,
      models: readModels(variables.OPENAI_MODELS) ?? openAiModels,
    },
    {
      name: 'anthropic',
      type: 'anthropic',
      apiKey: variables.ANTHROPIC_API_KEY,
      baseUrl: variables.ANTHROPIC_BASE_URL,
      models: readModels(variables.ANTHROPIC_MODELS) ?? ['claude-*'],
    },
    {
      name: 'gemini',
      type: 'gemini',
      apiKey: variables.GEMINI_API_KEY,
      baseUrl: variables.GEMINI_BASE_URL,
      models: readModels(variables.GEMINI_MODELS) ?? ['gemini-*'],
    },
  ] as const;
  return known
    .filter(({ apiKey }) => apiKey !== undefined)
    .map((provider) => ({
      ...provider,
      // Files end with a line feed, which no header can hold.
      apiKey: provider.apiKey?.trim(),
      injectUsage: true,
      speaksResponses: provider.baseUrl === openAiBaseUrl,
    }));
}
