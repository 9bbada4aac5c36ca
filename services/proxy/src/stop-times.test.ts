import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SettingsError } from '@ibex/service';
import { readStopTimes, type StopSettings } from './stop-times.ts';

function timesOf(stopTimeoutMs: number, [delayMs, timeoutMs]: readonly (number | undefined)[] = []) {
  const times = readStopTimes({
    IBEX_STOP_TIMEOUT_MS: stopTimeoutMs,
    IBEX_PROXY_DRAIN_DELAY_MS: delayMs,
    IBEX_PROXY_DRAIN_TIMEOUT_MS: timeoutMs,
  });
  return [times.delayMs, times.timeoutMs];
}

describe('the times of a stop', () => {
  test('fit into what the process has, where the operator set none', () => {
    assert.deepEqual(timesOf(4_000), [500, 1_000]);
    assert.deepEqual(timesOf(25_000), [500, 11_500], 'calls get the time that the process has');
    assert.deepEqual(timesOf(1_000), [125, 250]);
    assert.deepEqual(timesOf(1), [0, 0]);
    assert.deepEqual(timesOf(0), [0, 0]);
  });

  test('are what the operator set, and the other one fits in', () => {
    assert.deepEqual(timesOf(25_000, [5_000, 7_000]), [5_000, 7_000]);
    assert.deepEqual(timesOf(25_000, [5_000]), [5_000, 7_000]);
    assert.deepEqual(timesOf(4_000, [0]), [0, 1_500]);
    assert.deepEqual(timesOf(4_000, [undefined, 1_500]), [0, 1_500]);
    assert.deepEqual(timesOf(4_000, [undefined, 1_200]), [300, 1_200]);
  });

  for (const [given, setting, words] of [
    [
      { IBEX_PROXY_DRAIN_DELAY_MS: 500, IBEX_PROXY_DRAIN_TIMEOUT_MS: 1_500 },
      'IBEX_PROXY_DRAIN_TIMEOUT_MS',
      /^IBEX_PROXY_DRAIN_DELAY_MS and IBEX_PROXY_DRAIN_TIMEOUT_MS together must be at most 1500 .*IBEX_STOP_TIMEOUT_MS=4000.*: they are 2000\. Set IBEX_STOP_TIMEOUT_MS=5000 or more\.$/,
    ],
    [
      { IBEX_PROXY_DRAIN_DELAY_MS: 1_501 },
      'IBEX_PROXY_DRAIN_DELAY_MS',
      /^IBEX_PROXY_DRAIN_DELAY_MS must be at most 1500 .*: it is 1501\. Set IBEX_STOP_TIMEOUT_MS=4002 or more\.$/,
    ],
    [
      { IBEX_PROXY_DRAIN_TIMEOUT_MS: 30_000 },
      'IBEX_PROXY_DRAIN_TIMEOUT_MS',
      /^IBEX_PROXY_DRAIN_TIMEOUT_MS must be .*: it is 30000\. Set IBEX_STOP_TIMEOUT_MS=61000 or more\.$/,
    ],
  ] as [Omit<StopSettings, 'IBEX_STOP_TIMEOUT_MS'>, string, RegExp][]) {
    test(`say what to set when they are too long: ${JSON.stringify(given)}`, () => {
      let message = '';
      assert.throws(
        () => readStopTimes({ ...given, IBEX_STOP_TIMEOUT_MS: 4_000 }),
        (error) => {
          assert.ok(error instanceof SettingsError && error.setting === setting);
          message = error.message;
          return true;
        },
      );
      assert.match(message, words);
      const [, advised] = /Set IBEX_STOP_TIMEOUT_MS=(\d+)/.exec(message) ?? [];
      assert.ok(readStopTimes({ ...given, IBEX_STOP_TIMEOUT_MS: Number(advised) }), 'what it says is right');
    });
  }

  test('are right with every stop time that the refusal advises', () => {
    for (let sumMs = 0; sumMs < 5_000; sumMs += 7) {
      const given = { IBEX_PROXY_DRAIN_DELAY_MS: 0, IBEX_PROXY_DRAIN_TIMEOUT_MS: sumMs };
      try {
        readStopTimes({ ...given, IBEX_STOP_TIMEOUT_MS: 0 });
      } catch (error) {
        const [, advised] = /Set IBEX_STOP_TIMEOUT_MS=(\d+)/.exec(String(error)) ?? [];
        assert.equal(readStopTimes({ ...given, IBEX_STOP_TIMEOUT_MS: Number(advised) }).timeoutMs, sumMs);
      }
    }
  });
});
