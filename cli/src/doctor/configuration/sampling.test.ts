import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTelemetrySettings } from '@ibex/telemetry/config';
import { checkSampling } from './sampling.ts';

function read(environment: Record<string, string>) {
  return readTelemetrySettings({ service: 'doctor', environment, observability: undefined });
}
const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: '127.0.0.1:4317' };

const cases: readonly (readonly [Record<string, string>, string, RegExp])[] = [
  [{}, 'ok', /^1 % of traces, every failed or slow one$/],
  [{ OTEL_SAMPLE_RATIO: '0.333333' }, 'ok', /^33\.3 %/],
  [{ OTEL_SAMPLE_RATIO: '0' }, 'warning', /flight recorder keeps failed and slow ones alone/],
  [{ OTEL_SAMPLE_RATIO: '0', IBEX_FLIGHT_RECORDER_BYTES: '0' }, 'problem', /every trace is dropped/],
  [{ OTEL_SAMPLE_RATIO: '0.5', IBEX_FLIGHT_RECORDER_BYTES: '0' }, 'ok', /^50 % of traces$/],
];
for (const [environment, status, message] of cases) {
  test(`${JSON.stringify(environment)} is ${status}`, () => {
    const finding = checkSampling(read({ ...endpoint, ...environment }), undefined);
    assert.equal(finding.status, status);
    assert.match(finding.message, message);
  });
}

test('without an endpoint, what holds under `ibex up` is told', () => {
  const finding = checkSampling(read({}), read({ ...endpoint, IBEX_DEFAULT_SAMPLE_RATIO: '1' }));
  assert.match(finding.message, /^100 % of traces, .* under `ibex up`/);
});
