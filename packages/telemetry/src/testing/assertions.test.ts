import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertMetric } from './assert-metric.ts';
import { assertSpan } from './assert-span.ts';
import { startTestTelemetry } from './start-test-telemetry.ts';

describe('assertSpan', () => {
  const { telemetry, exporter } = startTestTelemetry('proxy');

  test('finds a tree of spans, and says what the nearest lacks', async () => {
    const { tracer } = telemetry;
    await tracer.withSpan('order', { attributes: { count: 2 } }, async (span) => {
      span.addEvent('accepted');
      for (const step of ['pay', 'ship']) {
        await tracer.withSpan('step', { kind: 'client', attributes: { step } }, async () => {});
      }
    });
    await telemetry.stop();
    const child = (step: string) => ({ name: 'step', kind: 'client', attributes: { step } }) as const;
    const order = { name: 'order', attributes: { count: 2, other: undefined }, events: ['accepted'] };
    const found = assertSpan(exporter.spans, { ...order, children: [child('ship'), child('pay')] });
    assert.equal(found.name, 'order');
    const expectFault = (change: object, message: RegExp) =>
      assert.throws(() => assertSpan(exporter.spans, { ...order, ...change }), {
        name: 'AssertionError',
        message,
      });
    expectFault({ name: 'invoice' }, /No span "invoice" is as expected. There are: step, order\./);
    expectFault({ status: 'error' }, /status is "unset", not "error"/);
    expectFault({ attributes: { count: 3 } }, /attribute count is 2, not 3/);
    expectFault({ events: [] }, /events is \["accepted"\], not \[\]/);
    expectFault({ children: [{ name: 'pack' }] }, /child "pack": is missing/);
    expectFault(
      { children: [child('pay'), child('pay')] },
      /child "step": attribute step is "ship", not "pay"/,
    );
  });
});

describe('assertMetric', () => {
  const { telemetry } = startTestTelemetry('proxy');
  const limited = telemetry.metrics.counter('ibex_proxy_rate_limited_total');
  const name = 'ibex_proxy_rate_limited_total';

  test('compares what changed, by labels and added up', async () => {
    const act = () => {
      limited.increment({ result: 'allowed' }, 2);
      limited.increment({ result: 'denied' });
      return 'done';
    };
    const expected = [
      { name, labels: { result: 'allowed' }, delta: 2 },
      { name, delta: 3 },
    ];
    assert.equal(await assertMetric(telemetry, expected, act), 'done');
    await assert.rejects(assertMetric(telemetry, { name, labels: { result: 'denied' }, delta: 2 }, act), {
      message: 'ibex_proxy_rate_limited_total{result="denied"} changed by 1, not by 2.',
    });
  });
});
