import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { lossesIn, readDropped } from './dropped.ts';

const exposition = `# HELP ibex_telemetry_dropped_total Telemetry this process could not deliver.
# TYPE ibex_telemetry_dropped_total counter
ibex_telemetry_dropped_total{signal="traces",reason="queue_full"} 12
ibex_telemetry_dropped_total{signal="logs",reason="stopping"} 0
ibex_collector_store_dropped_rows{reason="expired"} 500
ibex_collector_store_dropped_rows{reason="series_limit"} 3
ibex_telemetry_exported_total{signal="traces"} 99
`;

test('losses are those that are not zero, and no housekeeping', () => {
  assert.deepEqual(
    lossesIn(exposition).map(({ signal, reason, count }) => [signal, reason, count]),
    [
      ['traces', 'queue_full', 12],
      ['', 'series_limit', 3],
    ],
  );
});

test('a service is asked, and each reason has its advice', async (context) => {
  const server = createServer((_request, response) => response.end(exposition)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const findings = await readDropped('collector', { url, signal: new AbortController().signal });
  assert.deepEqual(
    findings.map(({ status, name, message }) => [status, name, message]),
    [
      ['warning', 'collector: dropped', '12 traces, queue_full (ibex_telemetry_dropped_total)'],
      ['warning', 'collector: dropped', '3 records, series_limit (ibex_collector_store_dropped_rows)'],
    ],
  );
  assert.match(findings[0]?.advice ?? '', /IBEX_EXPORT_QUEUE_BYTES/);
});
