import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { boundText, familyName, labelName, unitFromName, unitWord } from './names.ts';

describe('familyName writes names as Prometheus does', () => {
  for (const [name, unit, type, expected] of [
    ['http.server.request.duration', 's', 'histogram', 'http_server_request_duration_seconds'],
    ['http.server.duration', 'ms', 'histogram', 'http_server_duration_milliseconds'],
    ['gen_ai.client.token.usage', '{token}', 'histogram', 'gen_ai_client_token_usage'],
    ['requests', '{request}', 'counter', 'requests_total'],
    ['requests_total', '1', 'counter', 'requests_total'],
    ['system.cpu.utilization', '1', 'gauge', 'system_cpu_utilization_ratio'],
    ['system.io', 'By', 'counter', 'system_io_bytes_total'],
    ['system.io.bytes', 'By', 'gauge', 'system_io_bytes'],
    ['network.speed', 'By/s', 'gauge', 'network_speed_bytes_per_second'],
    ['disk.ops', '{operation}/s', 'gauge', 'disk_ops_per_second'],
    ['temperature', 'Cel', 'gauge', 'temperature_celsius'],
    ['odd', 'furlongs', 'gauge', 'odd_furlongs'],
    ['http.$%^&*.requests  new!', '', 'gauge', 'http_requests_new'],
    ['2xx.responses', '', 'counter', '_2xx_responses_total'],
    ['!!!', '', 'gauge', ''],
  ] as const) {
    test(`${name} in '${unit}', a ${type}`, () => assert.equal(familyName({ name, unit, type }), expected));
  }
});

test('unitWord and unitFromName agree', () => {
  assert.equal(unitWord({ unit: 'By/s', type: 'gauge' }), 'bytes_per_second');
  assert.equal(unitWord({ unit: '1', type: 'gauge' }), 'ratio');
  assert.equal(unitWord({ unit: '1', type: 'counter' }), '');
  assert.equal(unitFromName('http_server_request_duration_seconds'), 'seconds');
  assert.equal(unitFromName('process_cpu_seconds_total'), 'seconds');
  assert.equal(unitFromName('http_requests_total'), '');
});

test('labels have names Prometheus allows', () => {
  assert.equal(labelName('http.route'), 'http_route');
  assert.equal(labelName('2nd'), 'key_2nd');
  assert.equal(labelName('größe'), 'gr__e');
});

test('a bound has one text', () => {
  assert.deepEqual([0.1, 1, 1e6, 1e21, Number.POSITIVE_INFINITY, -2].map(boundText), [
    '0.1',
    '1',
    '1000000',
    '1e+21',
    '+Inf',
    '-2',
  ]);
});
