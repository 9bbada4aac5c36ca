import assert from 'node:assert/strict';
import { test } from 'node:test';
import { telemetryVariables } from '@ibex/telemetry/config';
import { suggest } from './suggest.ts';

const cases: readonly (readonly [string, string | undefined])[] = [
  ['OTEL_SAMPLE_RATOI', 'OTEL_SAMPLE_RATIO'],
  ['OTEL_SAMPLING_RATIO', 'OTEL_SAMPLE_RATIO'],
  ['OTEL_EXPORTER_OTLP_ENPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  ['OTEL_EXPORTER_OTLP_HEADER', 'OTEL_EXPORTER_OTLP_HEADERS'],
  ['OTEL_EXPORTER_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  ['otel_service_name', 'OTEL_SERVICE_NAME'],
  ['IBEX_LEVEL_LOG', 'IBEX_LOG_LEVEL'],
  ['IBEX_SOMETHING_ELSE_ALTOGETHER', undefined],
];
for (const [name, meant] of cases) {
  test(`${name} was ${meant === undefined ? 'meant to be nothing we know' : `meant to be ${meant}`}`, () => {
    assert.equal(suggest(name, telemetryVariables), meant);
  });
}

test('nothing is suggested where there is nothing', () => {
  assert.equal(suggest('OTEL_X', []), undefined);
});
