import type { Inspection } from '../model.ts';
import type { MetricContext } from './context.ts';
import type { Exposition, Family } from './exposition.ts';
import type { Exemplar, Sample } from './sample-line.ts';

const longestLabels = 128;
/** What an exemplar may say: the trace, and the span in it. */
const idPatterns: Readonly<Record<string, RegExp>> = {
  trace_id: /^(?!0+$)[0-9a-f]{32}$/,
  span_id: /^(?!0+$)[0-9a-f]{16}$/,
};

/** Exemplars stand where the contract allows them, and point at a trace. */
export function checkExemplars(exposition: Exposition, context: MetricContext): void {
  for (const [name, family] of exposition.families) {
    for (const sample of family.samples) {
      if (sample.exemplar === undefined) continue;
      for (const { message, value } of problemsOf(name, { sample, exemplar: sample.exemplar }, context)) {
        const detail = value === undefined ? {} : { value };
        context.findings.add('exemplar', name, { ...detail, message: `line ${sample.line}: ${message}` });
      }
      checkBounds(name, { family, sample, exemplar: sample.exemplar }, context);
    }
  }
}

interface Problem {
  readonly message: string;
  readonly value?: unknown;
}

function* problemsOf(
  name: string,
  { sample, exemplar }: { sample: Sample; exemplar: Exemplar },
  { contract }: MetricContext,
): Iterable<Problem> {
  if (!/_(bucket|total)$/.test(sample.name)) {
    yield { message: 'only buckets and counters have exemplars.' };
  } else if (contract.metrics[name]?.exemplars !== true) {
    yield { message: 'the contract declares no exemplars for this metric.' };
  }
  const length = exemplar.labels.reduce((sum, [label, value]) => sum + [...label, ...value].length, 0);
  if (length > longestLabels) {
    yield { value: length, message: `labels of an exemplar have at most ${longestLabels} characters.` };
  }
  if (!exemplar.labels.some(([label]) => label === 'trace_id')) yield { message: 'it names no trace_id.' };
  for (const [label, value] of exemplar.labels) {
    const pattern = idPatterns[label];
    if (pattern === undefined) yield { value: label, message: 'it may say trace_id and span_id alone.' };
    else if (!pattern.test(value)) yield { value, message: `this is no ${label}.` };
  }
}

/** An observation of a bucket lies above the bound before it, and at or below its own. */
function checkBounds(
  name: string,
  { family, sample, exemplar }: { family: Family; sample: Sample; exemplar: Exemplar },
  { findings }: MetricContext,
): void {
  if (!sample.name.endsWith('_bucket')) return;
  const before = family.samples[family.samples.indexOf(sample) - 1];
  const below = before?.name.endsWith('_bucket') === true ? boundOf(before) : Number.POSITIVE_INFINITY;
  const bound = boundOf(sample);
  const lowest = below < bound ? below : Number.NEGATIVE_INFINITY;
  if (exemplar.value > lowest && exemplar.value <= bound) return;
  const message = `line ${sample.line}: it does not lie in its bucket, above ${lowest} and at most ${bound}.`;
  findings.add('exemplar', name, { value: exemplar.value, message });
}

function boundOf({ labels }: Sample): number {
  const bound = labels.find(([label]) => label === 'le')?.[1] ?? '';
  return /^\+?Inf$/.test(bound) ? Number.POSITIVE_INFINITY : Number(bound);
}

/** The traces that exemplars name, each with a metric that names it. */
export function exemplarTraces({ families }: Exposition): ReadonlyMap<string, string> {
  const traces = new Map<string, string>();
  for (const [name, { samples }] of families) {
    for (const { exemplar } of samples) {
      const traceId = exemplar?.labels.find(([label]) => label === 'trace_id')?.[1];
      if (traceId !== undefined) traces.set(traceId, name);
    }
  }
  return traces;
}

/** Holds the traces that exemplars name against those that were exported, once that is known. */
export function checkKept(
  traces: ReadonlyMap<string, string>,
  exported: ReadonlySet<string>,
  { findings }: Pick<MetricContext, 'findings'>,
): Inspection['findings'] {
  for (const [traceId, name] of traces) {
    if (exported.has(traceId)) continue;
    const message = 'an exemplar names this trace, of which the service has exported no span.';
    findings.add('exemplar-kept', name, { value: traceId, message });
  }
  return findings.list;
}
