import type { Amounts, SoakResult } from './run.ts';

const mebibyte = 1024 * 1024;
const names = ['requests', 'calls', 'inputTokens', 'outputTokens'] as const;

/**
 * Amounts on which those who count do not agree; none is what is wanted. Spans that were dropped, and counted as dropped,
 * are missed by the receiver alone.
 */
export function disagreements({ signals, clients, lost }: SoakResult): readonly string[] {
  return names.filter((name) => {
    const counted = Object.entries(signals)
      // Clients that left, or whose connection broke, never heard of the tokens.
      .filter(([who]) => who !== 'clients' || name === 'requests')
      .filter(([who]) => who !== 'spans' || lost === 0)
      .map(([, amounts]) => (amounts as Amounts)[name])
      .filter((amount) => amount !== undefined);
    const heard = signals.clients[name] ?? 0;
    const most = Math.max(...counted);
    return (
      new Set(counted).size > 1 ||
      heard > most ||
      (clients.broken === 0 && name === 'requests' && heard !== most)
    );
  });
}

function signalRows({ signals }: SoakResult): readonly string[] {
  const rows = Object.entries(signals).map(([who, amounts]) => {
    const cells = names.map((name) => (amounts as Amounts)[name] ?? '–');
    return `| ${who} | ${cells.join(' | ')} |`;
  });
  return [
    '| counted by | requests | calls | input tokens | output tokens |',
    '|---|--:|--:|--:|--:|',
    ...rows,
  ];
}

function heldRows({ idle: [before, after], slopes, samples }: SoakResult): readonly string[] {
  const row = (title: string, values: readonly number[], digits: number) =>
    `| ${title} | ${values.map((value) => value.toFixed(digits)).join(' | ')} |`;
  const bytes = (name: 'residentBytes' | 'heapBytes') =>
    [before[name], Math.max(...samples.map((sample) => sample[name])), after[name], slopes[name]].map(
      (value) => value / mebibyte,
    );
  const count = (name: 'openFiles' | 'series') => [
    before[name],
    Math.max(...samples.map((sample) => sample[name])),
    after[name],
    slopes[name],
  ];
  return [
    '| held | idle before | most | idle after | slope a minute |',
    '|---|--:|--:|--:|--:|',
    row('resident memory, MiB', bytes('residentBytes'), 1),
    row('heap, MiB', bytes('heapBytes'), 1),
    row('open files', count('openFiles'), 1),
    row('series', count('series'), 1),
  ];
}

/** Markdown for people. */
export function formatSoak(result: SoakResult): string {
  const { clients, load, seconds, perSecond, capacityPerSecond, idle, warnings, lost } = result;
  const apart = disagreements(result);
  const found = capacityPerSecond === undefined ? 'as asked' : `capacity ${capacityPerSecond.toFixed(0)}`;
  return [
    `${seconds} s at ${perSecond.toFixed(0)} requests a second (${found}), load average ${load.map((value) => value.toFixed(1)).join(' → ')}`,
    `clients: ${clients.sent} answered ${JSON.stringify(clients.statuses)}, ${clients.cancelled} streams left, ${clients.broken} connections broken, ${clients.heldBack} held back`,
    '',
    ...heldRows(result),
    '',
    ...signalRows(result),
    '',
    `calls in flight at the end: ${idle[1].callsInFlight}; lost or outside the contract: ${lost}`,
    `warnings: ${JSON.stringify(warnings)}`,
    apart.length === 0 ? 'the signals agree' : `the signals do not agree on ${apart.join(', ')}`,
    '',
  ].join('\n');
}
