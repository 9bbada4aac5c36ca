import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createLocator, createProbeLocator } from './locate.ts';

const sources = dirname(fileURLToPath(import.meta.resolve('@ibex/contract')));
const locate = createLocator([sources], sources);

/** The text of the line a place names. */
function lineAt(place: string | undefined): string {
  const [file = '', line] = (place ?? '').split(':');
  return readFileSync(join(sources, file), 'utf8').split('\n')[Number(line) - 1] ?? '';
}

const entries: readonly (readonly [readonly string[], string, RegExp])[] = [
  [['http_requests_total'], 'ibex/metrics-gateway.ts', /^ {2}http_requests_total: \{/],
  [['http_requests_total', 'status'], 'ibex/metrics-gateway.ts', /status: statusCodes/],
  [['ibex_auth_validate_agent_duration_seconds', 'result'], 'ibex/metrics-catalog.ts', /'not_found'/],
  [['logFields', 'status', 'type'], 'ibex/log-fields.ts', /^ {2}status: \{ type: 'number'/],
  [['grpc_server', 'required'], 'ibex/spans.ts', /'rpc\.grpc\.status_code', 'correlation_id'/],
  [['resourceAttributes', 'service.version'], 'ibex/contract.ts', /resourceAttributes: \[/],
];
for (const [path, file, expected] of entries) {
  test(`finds ${path.join(' › ')}`, () => {
    const place = locate(...path);
    assert.equal(place?.split(':')[0], file);
    assert.match(lineAt(place), expected);
  });
}

test('finds a probe in the file of the probes', () => {
  const place = createProbeLocator([sources], sources)('tokens');
  assert.match(place ?? '', /^ibex\/probes\.ts:/);
  assert.match(lineAt(place), /get\('tokens'/);
});

test('answers with the nearest step it can find, and with nothing for none', () => {
  assert.equal(locate('http_requests_total', 'no_such_label'), locate('http_requests_total'));
  assert.equal(locate('no_such_metric_at_all'), undefined);
});
