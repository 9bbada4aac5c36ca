import type { Environment } from '@ibex/service';
import { z } from 'zod';
import { configError, readSection } from '../config-field.ts';
import { checkBaseUrl, checkKey, checkSettings } from './check-provider.ts';
import { openAiBaseUrl, type ProviderVariables, providersFromVariables } from './provider-variables.ts';

const maximumProviders = 6;
const maximumModels = 256;

/** The APIs an upstream can speak: `openai` is that of every compatible server, such as vLLM, Ollama or llama.cpp. */
export const providerTypes = ['openai', 'anthropic', 'gemini', 'azure'] as const;

export type ProviderType = (typeof providerTypes)[number];

/** An upstream that serves models. */
export interface ProviderConfig {
  readonly name: string;
  readonly type: ProviderType;
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly models: readonly string[];
  readonly injectUsage: boolean;
  /** Whether it is asked for responses in their own words; else they are translated to chats, which every server knows. */
  readonly speaksResponses?: boolean | undefined;
  /** `api-version` of Azure; undefined for the adapter's own. */
  readonly apiVersion?: string | undefined;
}

/** `claude-*` stands for every model whose name begins so, `*` for all. */
const modelPattern = /^[^*]{0,255}(?:[^*]|\*)$/;

const providerSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'made of lower-case letters, digits, - and _, at most 32 of them'),
  type: z.enum(providerTypes),
  base_url: z.url({ protocol: /^https?$/, error: 'a URL that starts with http:// or https://' }).optional(),
  api_key: z.string().min(1).optional(),
  api_key_env: z.string().min(1).optional(),
  models: z
    .array(z.string().regex(modelPattern, 'a name of 1 to 256 characters; * only at its end'))
    .min(1)
    .max(maximumModels),
  include_usage: z.boolean().optional(),
  responses: z.boolean().optional(),
  api_version: z
    .string()
    .regex(/^[\w.-]{1,40}$/, 'a version such as 2024-10-21')
    .optional(),
});
const providersSchema = z.array(providerSchema).max(maximumProviders).default([]);

type ProviderEntry = z.output<typeof providerSchema>;

export interface ProviderSources {
  /** The parsed `config.yaml`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly environment: Environment;
  readonly settings: ProviderVariables;
}

function keyOf(entry: ProviderEntry, field: string, environment: Environment): string | undefined {
  if (entry.api_key !== undefined && entry.api_key_env !== undefined) {
    throw configError(`${field}.api_key_env`, 'must not stand beside api_key: use one of the two.');
  }
  if (entry.api_key_env === undefined) {
    if (entry.api_key === undefined && entry.base_url === undefined) {
      throw configError(
        `${field}.api_key_env`,
        `or api_key must be set: ${baseUrls[entry.type]} asks for a key.`,
      );
    }
    return checkKey(entry.api_key, `${field}.api_key`);
  }
  const key = checkKey(environment[entry.api_key_env], `${field}.api_key_env`);
  if (key !== undefined && key !== '') return key;
  throw configError(
    `${field}.api_key_env`,
    `names a variable that must be set: ${entry.api_key_env} is not. Set it.`,
  );
}

/** Where the public APIs are; a resource of Azure has a name of its own. */
const baseUrls: Readonly<Partial<Record<ProviderType, string>>> = {
  openai: openAiBaseUrl,
  anthropic: 'https://api.anthropic.com/v1',
  gemini: 'https://generativelanguage.googleapis.com/v1beta',
};

function baseUrlOf({ base_url: given, type }: ProviderEntry, field: string): string {
  if (given !== undefined) return checkBaseUrl(given, { type, field: `${field}.base_url` });
  const baseUrl = baseUrls[type];
  if (baseUrl !== undefined) return baseUrl;
  throw configError(
    `${field}.base_url`,
    `must be set for type ${type}, e.g. https://acme.openai.azure.com/openai.`,
  );
}

function toConfig(entry: ProviderEntry, index: number, environment: Environment): ProviderConfig {
  const field = `providers[${index}]`;
  checkSettings(entry, field);
  const baseUrl = baseUrlOf(entry, field);
  return {
    name: entry.name,
    type: entry.type,
    baseUrl,
    apiVersion: entry.api_version,
    speaksResponses: entry.responses ?? baseUrl === openAiBaseUrl,
    apiKey: keyOf(entry, field, environment),
    models: entry.models,
    injectUsage: entry.include_usage ?? true,
  };
}

function checkTogether(providers: readonly ProviderConfig[]): void {
  const nameOwner = new Map<string, string>([['echo', 'the built-in provider']]);
  const modelOwner = new Map<string, string>([['echo', 'echo']]);
  for (const [index, { name, models }] of providers.entries()) {
    const field = `providers[${index}]`;
    const owner = nameOwner.get(name);
    if (owner !== undefined)
      throw configError(`${field}.name`, `must be unique: "${name}" is the name of ${owner} already.`);
    nameOwner.set(name, field);
    for (const model of models) {
      const other = modelOwner.get(model);
      if (other !== undefined) {
        throw configError(
          `${field}.models`,
          `must not name "${model}": the provider "${other}" serves it already.`,
        );
      }
      modelOwner.set(model, name);
    }
  }
}

/**
 * The upstreams of `config.yaml` (`providers:`), then those whose key is a variable, unless the file names them itself. A
 * model that the file names belongs to whom it names.
 *
 * @throws {SettingsError} naming the field as the operator wrote it.
 */
export function readProviders(sources: ProviderSources): readonly ProviderConfig[] {
  const entries = readSection('providers', providersSchema, sources.config.providers);
  const configured = entries.map((entry, index) => toConfig(entry, index, sources.environment));
  checkTogether(configured);
  const names = new Set(configured.map(({ name }) => name));
  const taken = new Set(configured.flatMap(({ models }) => models));
  const variables = providersFromVariables(sources.settings)
    .filter(({ name }) => !names.has(name))
    .map((provider) => ({ ...provider, models: provider.models.filter((model) => !taken.has(model)) }));
  return [...configured, ...variables];
}

/** The values that close the label sets `provider` and `model`. */
export function configuredLabels(providers: readonly ProviderConfig[]): {
  provider: string[];
  model: string[];
} {
  const models = providers.flatMap((provider) => provider.models).filter((model) => !model.endsWith('*'));
  return {
    provider: ['echo', ...providers.map(({ name }) => name)],
    model: ['echo', ...models],
  };
}
