import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFlightRecorder } from './flight-recorder-settings.ts';

test('the recorder has 16 MiB and no bus, unless it is told otherwise', () => {
  assert.deepEqual(readFlightRecorder({}), { bytes: 16 * 1024 * 1024, bus: undefined });
  assert.equal(readFlightRecorder({ IBEX_FLIGHT_RECORDER_BYTES: '65536' }).bytes, 65_536);
  assert.equal(readFlightRecorder({ IBEX_FLIGHT_RECORDER_BYTES: '0' }).bytes, 0);
});

test('the bus over the collector comes before the one over NATS', () => {
  const collector = { IBEX_KEEP_BUS_URL: 'http://collector:4318', IBEX_KEEP_BUS_TOKEN: 'secret' };
  const nats = { NATS_URL: 'nats://me:secret@nats:4222' };
  const overCollector = { type: 'http', url: 'http://collector:4318', token: 'secret' };
  assert.deepEqual(readFlightRecorder({ ...collector, ...nats }).bus, overCollector);
  assert.deepEqual(readFlightRecorder(nats).bus, { type: 'nats', url: nats.NATS_URL });
});

test('a value that cannot be used is named, a secret not shown', () => {
  const refused: readonly [Record<string, string>, RegExp][] = [
    [{ IBEX_FLIGHT_RECORDER_BYTES: '100' }, /IBEX_FLIGHT_RECORDER_BYTES must be 0, or a whole number/],
    [{ IBEX_FLIGHT_RECORDER_BYTES: '70000.5' }, /IBEX_FLIGHT_RECORDER_BYTES must be/],
    [{ IBEX_KEEP_BUS_URL: 'collector:4318' }, /IBEX_KEEP_BUS_URL must be an http\(s\) URL/],
    [
      { IBEX_KEEP_BUS_URL: 'http://c', IBEX_KEEP_BUS_TOKEN_FILE: '/nowhere' },
      /IBEX_KEEP_BUS_TOKEN_FILE must be/,
    ],
    [{ NATS_URL: 'http://me:hidden@nats' }, /NATS_URL must be a nats:\/\/ or tls:\/\/ URL(?!.*hidden)/],
  ];
  for (const [environment, message] of refused) assert.throws(() => readFlightRecorder(environment), message);
});
