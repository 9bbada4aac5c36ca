import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SettingsError } from '@ibex/service';
import { readListening } from './listening.ts';

const settings = {
  IBEX_HOST: '127.0.0.1',
  IBEX_PROXY_PORT: 8080,
  IBEX_PROXY_REUSE_PORT: true,
  IBEX_PROXY_METRICS_PORT: 9101,
};

test('one port for everything, or one that is shared and one of its own', () => {
  const alone = { ...settings, IBEX_PROXY_REUSE_PORT: false, IBEX_PROXY_METRICS_PORT: undefined };
  assert.deepEqual(readListening(alone), {
    host: '127.0.0.1',
    port: 8080,
    reusePort: false,
    metricsPort: undefined,
  });
  assert.deepEqual(readListening(settings), {
    host: '127.0.0.1',
    port: 8080,
    reusePort: true,
    metricsPort: 9101,
  });
  // The system chooses two different ones.
  readListening({
    ...settings,
    IBEX_PROXY_REUSE_PORT: false,
    IBEX_PROXY_PORT: 0,
    IBEX_PROXY_METRICS_PORT: 0,
  });
});

for (const [name, wrong, setting, message] of [
  [
    'a shared port that scrapes would meet by chance',
    { IBEX_PROXY_METRICS_PORT: undefined },
    'IBEX_PROXY_METRICS_PORT',
    /must be set when IBEX_PROXY_REUSE_PORT is true: it is missing/,
  ],
  ['a shared port without a number', { IBEX_PROXY_PORT: 0 }, 'IBEX_PROXY_PORT', /it is 0/],
  [
    'one port for both',
    { IBEX_PROXY_METRICS_PORT: 8080 },
    'IBEX_PROXY_METRICS_PORT',
    /must be another port than IBEX_PROXY_PORT: both are 8080/,
  ],
] as const) {
  test(`refuses ${name}`, () => {
    assert.throws(
      () => readListening({ ...settings, ...wrong }),
      (error) => error instanceof SettingsError && error.setting === setting && message.test(error.message),
    );
  });
}
