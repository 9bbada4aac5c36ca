import {
  forbiddenLabels,
  type LabelValues,
  type MetricDefinition,
  other,
  valuesFor,
  worstCaseSeries,
} from '@ibex/contract';
import type { MetricContext } from './context.ts';
import type { Exposition, Family } from './exposition.ts';
import type { Label, Sample } from './sample-line.ts';

interface Subject {
  readonly name: string;
  readonly family: Family;
  readonly definition: MetricDefinition;
}

/** Label names, their values, and the number of series. */
export function checkLabels(exposition: Exposition, context: MetricContext): void {
  for (const [name, family] of exposition.families) {
    checkForbidden(name, family, context);
    const definition = context.contract.metrics[name];
    if (definition === undefined) continue;
    const subject = { name, family, definition };
    for (const sample of family.samples) checkNames(sample, subject, context);
    for (const [label, values] of Object.entries(definition.labels)) {
      checkValues({ label, values }, subject, context);
    }
    checkBudget(subject, context);
  }
}

function checkForbidden(name: string, family: Family, { findings, locate, secrets }: MetricContext): void {
  for (const [label, value] of family.samples.flatMap((sample) => sample.labels)) {
    if (forbiddenLabels.includes(label)) {
      const message = `no label is one of ${forbiddenLabels.join(', ')}: breakdowns by entity belong elsewhere.`;
      findings.add('forbidden-label', name, { label, value, message, contract: locate(name, 'labels') });
    }
    const secret = secrets.inText(value);
    if (secret !== undefined) {
      findings.add('no-secret', name, { label, message: `${secret}; the value is not shown here.` });
    }
  }
}

function checkNames(sample: Sample, { name, definition }: Subject, context: MetricContext): void {
  const present = ownLabels(sample, definition).map(([label]) => label);
  const declared = Object.keys(definition.labels);
  const finding = (label: string, message: string) =>
    context.findings.add('label-names', name, { label, message, contract: context.locate(name, 'labels') });
  for (const label of declared.filter((declaredLabel) => !present.includes(declaredLabel))) {
    finding(label, `the series in line ${sample.line} lacks this label.`);
  }
  for (const label of present.filter((presentLabel) => !declared.includes(presentLabel))) {
    const known = declared.join(', ') || 'none';
    finding(label, `the series in line ${sample.line} has this label; declared are ${known}.`);
  }
}

/** The labels of a series: those of a sample without the `le` that a bucket adds. */
export function ownLabels(sample: Sample, definition: Pick<MetricDefinition, 'type'>): readonly Label[] {
  if (definition.type !== 'histogram') return sample.labels;
  return sample.labels.filter(([label]) => label !== 'le');
}

function checkValues(
  { label, values }: { label: string; values: LabelValues },
  { name, family }: Subject,
  { service, findings, locate }: MetricContext,
): void {
  const present = new Set(
    family.samples.flatMap(({ labels }) => labels.filter(([own]) => own === label).map(([, value]) => value)),
  );
  present.delete(other);
  if ('configured' in values) {
    if (present.size <= values.limit) return;
    const message = `the configured set "${values.configured}" has at most ${values.limit} values: these are ${present.size}.`;
    findings.add('label-limit', name, { label, value: present.size, message, contract: locate(name, label) });
    return;
  }
  const closed = valuesFor(values, service);
  for (const value of [...present].filter((candidate) => !closed.includes(candidate))) {
    const message = `the value must be one of ${abbreviated(closed)} or ${other}. Fold what is outside.`;
    findings.add('label-value', name, { label, value, message, contract: locate(name, label) });
  }
}

function abbreviated(values: readonly string[]): string {
  const most = 8;
  if (values.length === 0) return 'the empty set';
  return values.length > most
    ? `${values.slice(0, most).join(', ')} and ${values.length - most} more`
    : values.join(', ');
}

function checkBudget({ name, family, definition }: Subject, context: MetricContext): void {
  const { service, findings, locate } = context;
  const worst = worstCaseSeries(definition, service);
  // When a series began is no series of its own.
  const series = family.samples.filter((sample) => !sample.name.endsWith('_created')).length;
  if (series <= worst) return;
  const message = `at most ${worst} series by its closed sets: it has ${series}.`;
  findings.add('series-budget', name, { value: series, message, contract: locate(name) });
}
