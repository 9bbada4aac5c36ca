import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientCounts } from './client.ts';
import type { SoakResult } from './result.ts';
import { judge } from './verdicts.ts';
import type { Sample } from './watch.ts';

const mebibyte = 1024 * 1024;

function sample(seconds: number, more: Partial<Sample> = {}): Sample {
  const amounts = { openFiles: 30, series: 300, callsInFlight: 0, heapBytes: 50 * mebibyte };
  const resident = { residentBytes: 250 * mebibyte, authResidentBytes: 180 * mebibyte };
  return { seconds, ...amounts, ...resident, ...more };
}

/** Ten minutes in which nothing grew and all agree, but for what is given. */
function result(more: Partial<SoakResult> = {}): SoakResult {
  const amounts = { requests: 1_000, calls: 900, inputTokens: 30, outputTokens: 20 };
  const kept = { heapBytes: 37 * mebibyte, externalBytes: 12 * mebibyte };
  return {
    seconds: 600,
    capacityPerSecond: 1_000,
    perSecond: 700,
    load: [0, 2],
    clients: Object.assign(new ClientCounts(), { sent: 1_000, inputTokens: 25, outputTokens: 15 }),
    samples: Array.from({ length: 300 }, (_, index) => sample(index * 2)),
    idle: [sample(0), sample(600)],
    kept: { proxy: [kept, kept], auth: [kept, kept] },
    signals: {
      clients: { requests: 1_000, inputTokens: 25, outputTokens: 15 },
      metrics: amounts,
      logs: amounts,
      spans: amounts,
    },
    warnings: {},
    lost: { telemetry: 0, usageRecords: 0, contractViolations: 0 },
    ...more,
  };
}

function notHeld(more: Partial<SoakResult>): readonly string[] {
  return judge(result(more))
    .filter(({ held }) => held === false)
    .map(({ what }) => what);
}

function growing(amount: 'residentBytes' | 'authResidentBytes', mebibytesPerMinute: number) {
  return Array.from({ length: 300 }, (_, index) =>
    sample(index * 2, { [amount]: (200 + (index / 30) * mebibytesPerMinute) * mebibyte }),
  );
}

test('all is held where nothing grew and all agree', () => {
  assert.deepEqual(notHeld({}), []);
});

test('steady growth of resident memory is none that is held', () => {
  const slope = 'resident memory, slope of the second half';
  const thirds = 'resident memory, medians of thirds';
  assert.deepEqual(notHeld({ samples: growing('residentBytes', 4) }), [
    `proxy: ${thirds}`,
    `proxy: ${slope}`,
  ]);
  assert.deepEqual(notHeld({ samples: growing('residentBytes', 0.1) }), []);
  assert.deepEqual(notHeld({ samples: growing('authResidentBytes', 4) }), [
    `auth: ${thirds}`,
    `auth: ${slope}`,
  ]);
});

test('a run of a minute says nothing about resident memory', () => {
  const verdicts = judge(result({ seconds: 60, samples: growing('residentBytes', 40) }));
  const undecided = verdicts.filter(({ held }) => held === undefined);
  assert.equal(undecided.length, 4);
  assert.ok(undecided.every(({ what }) => what.includes('resident memory')));
});

test('what is kept for each request is growth, though it be little', () => {
  const before = { heapBytes: 37 * mebibyte, externalBytes: 12 * mebibyte };
  const after = { ...before, heapBytes: before.heapBytes + 500_000 * 10 };
  const { kept } = result();
  assert.deepEqual(notHeld({ kept: { ...kept, proxy: [before, after] } }), [
    'proxy: heap, garbage collected',
  ]);
});

test('files, series, calls and losses are told one by one', () => {
  const after = sample(600, { openFiles: 31, series: 301, callsInFlight: 1 });
  assert.deepEqual(
    notHeld({
      idle: [sample(0), after],
      lost: { telemetry: 3, usageRecords: 0, contractViolations: 0 },
    }),
    [
      'proxy: open files at idle',
      'proxy: series after the warm-up',
      'calls in flight at the end',
      'lost or outside the contract',
    ],
  );
});

test('one span less than the others count is no agreement, unless it was counted as lost', () => {
  const agreement = 'clients, metrics, logs, spans and ledger agree';
  const { signals } = result();
  const fewer = { ...signals, spans: { ...signals.spans, calls: 899 } };
  assert.deepEqual(notHeld({ signals: fewer }), [agreement]);
  const lost = { telemetry: 1, usageRecords: 0, contractViolations: 0 };
  assert.deepEqual(notHeld({ signals: fewer, lost }), ['lost or outside the contract']);
});
