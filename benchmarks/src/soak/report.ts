import { cpus } from 'node:os';
import type { Amounts, SoakResult } from './result.ts';
import { judge, type Verdict } from './verdicts.ts';

const mebibyte = 1024 * 1024;
const names = ['requests', 'calls', 'inputTokens', 'outputTokens'] as const;

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

function heldRows({ idle: [before, after], samples }: SoakResult): readonly string[] {
  const row = (title: string, name: 'residentBytes' | 'heapBytes' | 'openFiles' | 'series') => {
    const amounts = samples.map((sample) => sample[name]);
    const unit = name.endsWith('Bytes') ? mebibyte : 1;
    const cells = [before[name], Math.max(...amounts), after[name]].map((value) => (value / unit).toFixed(0));
    return `| ${title} | ${cells.join(' | ')} |`;
  };
  return [
    '| the proxy held | idle before | most | idle after |',
    '|---|--:|--:|--:|',
    row('resident memory, MiB', 'residentBytes'),
    row('heap with its garbage, MiB', 'heapBytes'),
    row('open files', 'openFiles'),
    row('series', 'series'),
  ];
}

function verdictRows(verdicts: readonly Verdict[]): readonly string[] {
  const words = new Map([
    [true, 'held'],
    [false, '**not held**'],
    [undefined, 'too short to say'],
  ]);
  return [
    '| | what | figures |',
    '|---|---|---|',
    ...verdicts.map(({ what, held, detail }) => `| ${words.get(held)} | ${what} | ${detail} |`),
  ];
}

/** Markdown for people. */
export function formatSoak(result: SoakResult): string {
  const { clients, load, seconds, perSecond, capacityPerSecond, warnings } = result;
  const found = capacityPerSecond === undefined ? 'as asked' : `capacity ${capacityPerSecond.toFixed(0)}`;
  const processors = cpus();
  return [
    `# Soak, ${new Date().toISOString().slice(0, 10)}`,
    '',
    `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, Node ${process.version}`,
    '',
    `${seconds} s at ${perSecond.toFixed(0)} requests a second (${found}), load average ${load.map((value) => value.toFixed(1)).join(' → ')}`,
    '',
    `clients, the warm-up included: ${clients.sent} answered ${JSON.stringify(clients.statuses)}, ${clients.cancelled} streams left, ${clients.broken} connections broken, ${clients.heldBack} held back`,
    '',
    `warnings: ${JSON.stringify(warnings)}`,
    '',
    ...verdictRows(judge(result)),
    '',
    ...heldRows(result),
    '',
    ...signalRows(result),
    '',
  ].join('\n');
}
