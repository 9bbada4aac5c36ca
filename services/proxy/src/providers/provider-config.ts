import { type Environment, SettingsError } from '@ibex/service';
import { z } from 'zod';
import { anyModel } from './provider.ts';

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

const maximumProviders = 6;
const maximumModels = 256;

/** An OpenAI-compatible upstream. */
export interface ProviderConfig {
  readonly name: string;
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly models: readonly string[];
  readonly injectUsage: boolean;
}

const providerSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'lower-case letters, digits, - and _, at most 32 of them'),
  type: z.literal('openai'),
  base_url: z.url({ protocol: /^https?$/, error: 'a URL that starts with http:// or https://' }),
  api_key: z.string().min(1).optional(),
  api_key_env: z.string().min(1).optional(),
  models: z.array(z.string().min(1).max(256)).min(1).max(maximumModels),
  include_usage: z.boolean().default(true),
});
const providersSchema = z.array(providerSchema).max(maximumProviders).default([]);

type ProviderEntry = z.output<typeof providerSchema>;

export interface ProviderSources {
  /** The parsed `config.yaml`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly environment: Environment;
  readonly settings: {
    readonly OPENAI_API_KEY?: string | undefined;
    readonly OPENAI_BASE_URL: string;
    readonly OPENAI_MODELS?: string | undefined;
  };
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, key) => (typeof key === 'number' ? `${name}[${key}]` : `${name}.${String(key)}`),
    'providers',
  );
}

function bad(field: string, rule: string): SettingsError {
  return new SettingsError(field, `${field} in config.yaml ${rule}`);
}

function checkedEntries(value: unknown): ProviderEntry[] {
  const result = providersSchema.safeParse(value ?? undefined);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw bad(fieldName(issue?.path ?? []), `cannot be used: ${issue?.message ?? 'it is wrong'}.`);
}

function keyOf(entry: ProviderEntry, field: string, environment: Environment): string | undefined {
  if (entry.api_key !== undefined && entry.api_key_env !== undefined) {
    throw bad(`${field}.api_key_env`, 'must not stand beside api_key: use one of the two.');
  }
  if (entry.api_key_env === undefined) return entry.api_key;
  const key = environment[entry.api_key_env];
  if (key !== undefined && key !== '') return key;
  throw bad(
    `${field}.api_key_env`,
    `names a variable that must be set: ${entry.api_key_env} is not. Set it.`,
  );
}

function toConfig(entry: ProviderEntry, index: number, environment: Environment): ProviderConfig {
  return {
    name: entry.name,
    baseUrl: entry.base_url,
    apiKey: keyOf(entry, `providers[${index}]`, environment),
    models: entry.models,
    injectUsage: entry.include_usage,
  };
}

function fromVariables({ settings }: ProviderSources): ProviderConfig[] {
  if (settings.OPENAI_API_KEY === undefined) return [];
  const named = settings.OPENAI_MODELS?.split(',').map((model) => model.trim());
  return [
    {
      name: 'openai',
      baseUrl: settings.OPENAI_BASE_URL,
      apiKey: settings.OPENAI_API_KEY,
      models: named?.filter((model) => model !== '') ?? openAiModels,
      injectUsage: true,
    },
  ];
}

function checkTogether(providers: readonly ProviderConfig[]): void {
  const nameOwner = new Map<string, string>([['echo', 'the built-in provider']]);
  const modelOwner = new Map<string, string>([['echo', 'echo']]);
  for (const [index, { name, models }] of providers.entries()) {
    const field = `providers[${index}]`;
    const owner = nameOwner.get(name);
    if (owner !== undefined)
      throw bad(`${field}.name`, `must be unique: "${name}" is the name of ${owner} already.`);
    nameOwner.set(name, field);
    for (const model of models) {
      const other = modelOwner.get(model);
      if (other !== undefined) {
        throw bad(`${field}.models`, `must not name "${model}": the provider "${other}" serves it already.`);
      }
      modelOwner.set(model, name);
    }
  }
}

/**
 * The upstreams of `config.yaml` (`providers:`), then the one of `OPENAI_API_KEY` unless the file names an `openai`
 * itself.
 *
 * @throws {SettingsError} naming the field as the operator wrote it.
 */
export function readProviders(sources: ProviderSources): readonly ProviderConfig[] {
  const entries = checkedEntries(sources.config.providers);
  const configured = entries.map((entry, index) => toConfig(entry, index, sources.environment));
  checkTogether(configured);
  if (configured.some(({ name }) => name === 'openai')) return configured;
  const taken = new Set(configured.flatMap(({ models }) => models));
  const variables = fromVariables(sources).map((provider) => ({
    ...provider,
    models: provider.models.filter((model) => !taken.has(model)),
  }));
  return [...configured, ...variables];
}

/** The values that close the label sets `provider` and `model`. */
export function configuredLabels(providers: readonly ProviderConfig[]): {
  provider: string[];
  model: string[];
} {
  const models = providers.flatMap((provider) => provider.models).filter((model) => model !== anyModel);
  return {
    provider: ['echo', ...providers.map(({ name }) => name)],
    model: ['echo', ...models],
  };
}
