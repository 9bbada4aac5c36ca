import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SettingsError } from '@ibex/service';
import { readPrices } from './prices.ts';

const table = {
  prices: {
    'acme-large': { input: 2.5, output: 10, cached_input: 1.25, cache_write: 3.125, reasoning: 12 },
    'acme-*': { input: 0.15, output: 0.6 },
    'azure/acme-large': { input: 5, output: 20 },
    'acme-embed': { input: 0.02 },
  },
};

function cost(
  model: string,
  usage: Parameters<ReturnType<typeof readPrices>['costMicros']>[1],
  provider = 'acme',
) {
  const served = { provider, model, label: model };
  return readPrices(table).costMicros({ served, model: 'alias' }, usage);
}

test('costs are whole micro-dollars, each kind of token at its price', () => {
  assert.equal(cost('acme-large', { inputTokens: 1_000_000, outputTokens: 0 }), 2_500_000);
  const usage = {
    inputTokens: 1000,
    cacheReadTokens: 400,
    cacheWriteTokens: 100,
    outputTokens: 300,
    reasoningTokens: 200,
  };
  assert.equal(
    cost('acme-large', usage),
    Math.round(500 * 2.5 + 400 * 1.25 + 100 * 3.125 + 100 * 10 + 200 * 12),
  );
  assert.equal(cost('acme-embed', { inputTokens: 30, outputTokens: 0 }), 1);
});

test('a price is found by provider and model, then by model, then by the longest prefix', () => {
  const million = { inputTokens: 1_000_000, outputTokens: 0 };
  assert.equal(cost('acme-large', million, 'azure'), 5_000_000);
  assert.equal(cost('acme-small', million), 150_000);
  assert.equal(cost('other', million), undefined);
  assert.equal(cost('acme-large', undefined), undefined);
});

test('a price that cannot be used is named by its field', () => {
  const wrong: readonly [unknown, string][] = [
    [{ 'acme-large': { input: -1 } }, 'prices.acme-large.input'],
    [{ 'acme-large': { input: 1, ouput: 2 } }, 'prices.acme-large'],
    [{ 'a*b': { input: 1 } }, 'prices.a*b'],
    [['acme'], 'prices'],
  ];
  for (const [prices, field] of wrong) {
    assert.throws(
      () => readPrices({ prices }),
      (error) => error instanceof SettingsError && error.setting === field,
      field,
    );
  }
});
