import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineClock } from './line-clock.ts';
import type { LogLine } from './log-line.ts';
import { encodeRecord, encodeRequest } from './otlp.ts';

function lineOf(part: Partial<LogLine>): LogLine {
  return {
    timeUnixMs: 1_000,
    level: 'INFO',
    service: 'proxy',
    message: 'm',
    traceId: '',
    spanId: '',
    fields: {},
    ...part,
  };
}

function attributesOf(fields: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(encodeRecord(lineOf({ fields }), '1').json).attributes;
}

test('a record has its severity, body, trace context and time', () => {
  const line = lineOf({ level: 'ERROR', message: 'broken', traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) });
  const { observedTimeUnixNano, ...record } = JSON.parse(encodeRecord(line, '1000000001').json);
  assert.match(observedTimeUnixNano, /^\d{19}$/);
  assert.deepEqual(record, {
    timeUnixNano: '1000000001',
    severityNumber: 17,
    severityText: 'ERROR',
    body: { stringValue: 'broken' },
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    attributes: [],
  });
});

test('fields keep their types', () => {
  assert.deepEqual(attributesOf({ s: 't', b: true, i: 3, d: 0.5, n: null, l: [1], o: { k: 'v' } }), [
    { key: 's', value: { stringValue: 't' } },
    { key: 'b', value: { boolValue: true } },
    { key: 'i', value: { intValue: '3' } },
    { key: 'd', value: { doubleValue: 0.5 } },
    { key: 'n', value: {} },
    { key: 'l', value: { arrayValue: { values: [{ intValue: '1' }] } } },
    { key: 'o', value: { kvlistValue: { values: [{ key: 'k', value: { stringValue: 'v' } }] } } },
  ]);
});

test('a field nested without end is cut, not followed', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
  assert.match(JSON.stringify(attributesOf({ deep })), /\[nested too deep\]/);
});

test('a request has one resource for each service, with its records in order', () => {
  const records = ['proxy', 'auth', 'proxy'].map((service, index) =>
    encodeRecord(lineOf({ service, message: `m${index}` }), '1'),
  );
  const { resourceLogs } = JSON.parse(encodeRequest(records, { deploymentEnvironment: 'test' }));
  assert.deepEqual(
    resourceLogs.map(({ resource, scopeLogs }: Record<string, never>) => [
      JSON.stringify(resource),
      JSON.stringify(scopeLogs).match(/m\d/g),
    ]),
    [
      [resourceText('proxy'), ['m0', 'm2']],
      [resourceText('auth'), ['m1']],
    ],
  );
});

function resourceText(service: string): string {
  return JSON.stringify({
    attributes: [
      { key: 'service.name', value: { stringValue: service } },
      { key: 'deployment.environment', value: { stringValue: 'test' } },
    ],
  });
}

test('lines of one millisecond keep their order in the digits below it', () => {
  const clock = new LineClock();
  assert.deepEqual(
    [5, 5, 6].map((timeUnixMs) => clock.stamp(timeUnixMs)),
    ['5000000', '5000001', '6000000'],
  );
});
