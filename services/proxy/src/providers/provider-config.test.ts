import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SettingsError } from '@ibex/service';
import { configuredLabels, readProviders } from './provider-config.ts';

const acme = { name: 'acme', type: 'openai', base_url: 'http://127.0.0.1:1/v1', models: ['small'] };

function read(providers: unknown, environment: Record<string, string> = {}) {
  const settings = {
    OPENAI_BASE_URL: 'https://api.openai.com/v1',
    ANTHROPIC_BASE_URL: 'https://api.anthropic.com/v1',
    GEMINI_BASE_URL: 'https://generativelanguage.googleapis.com/v1beta',
    ...environment,
  };
  return readProviders({ config: { providers }, environment, settings });
}

test('reads upstreams from the file, keys from variables, and OpenAI from its variables', () => {
  const providers = read([{ ...acme, api_key_env: 'ACME_KEY', include_usage: false }], {
    ACME_KEY: 'k',
    OPENAI_API_KEY: 'o',
    OPENAI_MODELS: 'gpt-x, small,',
  });
  assert.deepEqual(providers, [
    {
      name: 'acme',
      type: 'openai',
      baseUrl: acme.base_url,
      apiVersion: undefined,
      speaksResponses: false,
      apiKey: 'k',
      models: ['small'],
      injectUsage: false,
    },
    {
      name: 'openai',
      type: 'openai',
      baseUrl: 'https://api.openai.com/v1',
      apiKey: 'o',
      models: ['gpt-x'],
      injectUsage: true,
      speaksResponses: true,
    },
  ]);
  assert.deepEqual(configuredLabels(providers), {
    provider: ['echo', 'acme', 'openai'],
    model: ['echo', 'small', 'gpt-x'],
  });
});

test('without any there is nothing, and with a key alone any model goes to OpenAI', () => {
  assert.deepEqual(read(undefined), []);
  assert.ok(read(undefined, { OPENAI_API_KEY: 'o' })[0]?.models.includes('*'));
  const others = read(undefined, {
    ANTHROPIC_API_KEY: 'a',
    GEMINI_API_KEY: 'g',
    GEMINI_MODELS: 'gemini-2.5-pro',
  });
  assert.deepEqual(
    others.map(({ type, models }) => [type, models]),
    [
      ['anthropic', ['claude-*']],
      ['gemini', ['gemini-2.5-pro']],
    ],
  );
});

const faults: readonly [unknown, string][] = [
  ['acme', 'providers'],
  [[{ ...acme, base_url: 'ftp://x' }], 'providers[0].base_url'],
  [[{ ...acme, type: 'azure', base_url: undefined }], 'providers[0].base_url'],
  [[{ ...acme, name: 'Acme Inc' }], 'providers[0].name'],
  [[{ ...acme, name: 'echo' }], 'providers[0].name'],
  [[{ ...acme, type: 'acme' }], 'providers[0].type'],
  [[{ ...acme, api_version: 'a b' }], 'providers[0].api_version'],
  [[{ ...acme, models: [] }], 'providers[0].models'],
  [[{ ...acme, models: ['a*b'] }], 'providers[0].models[0]'],
  [[{ ...acme, models: ['echo'] }], 'providers[0].models'],
  [[acme, { ...acme, name: 'other' }], 'providers[1].models'],
  [[acme, { ...acme, models: ['big'] }], 'providers[1].name'],
  [[{ ...acme, api_key_env: 'UNSET' }], 'providers[0].api_key_env'],
  [[{ ...acme, api_key: 'x', api_key_env: 'UNSET' }], 'providers[0].api_key_env'],
];

const azure = { ...acme, type: 'azure', base_url: 'https://acme.openai.azure.com' };

/** What operators get wrong, and what they are told. */
const told: readonly [unknown, string][] = [
  [
    [{ ...acme, baseurl: 'x' }],
    'providers[0] in config.yaml has no such field: "baseurl". Correct the name, or take it out.',
  ],
  [
    [{ ...acme, type: 'bedrock' }],
    'providers[0].type in config.yaml must be one of openai, anthropic, gemini, azure: it is "bedrock".',
  ],
  [[{ ...acme, models: undefined }], 'providers[0].models in config.yaml must be a list: it is missing.'],
  [[{ ...acme, models: [] }], 'providers[0].models in config.yaml must have at least 1 entry: it has 0.'],
  [{ acme }, 'providers in config.yaml must be a list: it is a table.'],
  [[{ ...acme, api_key: 12345 }], 'providers[0].api_key in config.yaml must be a string: it is a number.'],
  [
    [{ ...acme, base_url: 'http://me:hunter2@127.0.0.1/v1' }],
    'providers[0].base_url in config.yaml must not hold a name or password, which are not sent. Take them out, and set api_key.',
  ],
  [
    [{ ...acme, base_url: 'https://api.openai.com/v1/chat/completions' }],
    'providers[0].base_url in config.yaml must end before the endpoint: it ends in /chat/completions. Take that off.',
  ],
  [
    [{ ...acme, base_url: undefined }],
    'providers[0].api_key_env in config.yaml or api_key must be set: https://api.openai.com/v1 asks for a key.',
  ],
  [
    [{ ...acme, api_key: 'sk-ключ' }],
    'providers[0].api_key in config.yaml must give a key of printable ASCII characters without spaces, as it is sent in a header.',
  ],
  [
    [{ ...acme, api_version: '2024-10-21' }],
    'providers[0].api_version in config.yaml has no effect for type openai, only for azure. Take it out.',
  ],
  [
    [{ ...acme, type: 'anthropic', responses: true }],
    'providers[0].responses in config.yaml has no effect for type anthropic, only for openai. Take it out.',
  ],
  [
    [azure],
    "providers[0].base_url in config.yaml must be the resource's, up to and including /openai: e.g. https://acme.openai.azure.com/openai.",
  ],
];

test('says what is wrong, the rule and what to do, without what may be secret', () => {
  for (const [providers, message] of told) assert.throws(() => read(providers), { message });
});

test('a key is taken without the line feed its file ends with', () => {
  assert.equal(read([{ ...acme, api_key_env: 'KEY' }], { KEY: 'sk-1\n' })[0]?.apiKey, 'sk-1');
});

test('names the field as written', () => {
  for (const [providers, field] of faults) {
    assert.throws(
      () => read(providers),
      (error) => error instanceof SettingsError && error.message.startsWith(`${field} in config.yaml`),
      field,
    );
  }
  assert.throws(() => read([{ ...acme, apikey: 'secret-key' }]), /providers\[0\] in config\.yaml .*apikey/);
});
