import type { RuleOf } from '../rules.ts';
import type { MetricContext } from './context.ts';
import type { Exposition, Family } from './exposition.ts';

type NameRule = Extract<
  RuleOf<'metrics'>,
  'counter-suffix' | 'reserved-suffix' | 'metric-name' | 'base-unit'
>;

const reservedSuffix = /_(count|sum|bucket)$/;
const typeInName = /_(counter|gauge|histogram|summary)(_|$)/;
const scaledUnits =
  /_(nanoseconds?|microseconds?|milliseconds?|minutes?|hours?|days?|ns|us|ms|secs?|kilobytes?|megabytes?|gigabytes?|kb|mb|gb|percent)(_total)?$/;

/** What promtool's lint asks of names, so that it is asked where promtool is not installed, too. */
export function nameProblems(name: string, type: string | undefined): Partial<Record<NameRule, string>> {
  const problems: Partial<Record<NameRule, string>> = {};
  if ((type === 'counter') !== name.endsWith('_total')) {
    problems['counter-suffix'] = 'counters end in _total, and only counters do.';
  }
  if ((type === 'counter' || type === 'gauge') && reservedSuffix.test(name.replace(/_total$/, ''))) {
    problems['reserved-suffix'] = `a ${type} does not end in _count, _sum or _bucket.`;
  }
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name) || typeInName.test(name)) {
    problems['metric-name'] = 'a name is lower-case words joined by underscores, without its type.';
  }
  if (scaledUnits.test(name))
    problems['base-unit'] = 'a unit is a base unit, spelled out: seconds, bytes, ratio.';
  return problems;
}

/** Names and units; what a metric declares as an exception is left out, unless it is not needed. */
export function checkNames(exposition: Exposition, context: MetricContext): void {
  for (const [name, family] of exposition.families) checkName(name, family, context);
}

function checkName(name: string, family: Family, { contract, findings, locate }: MetricContext): void {
  const exceptions = contract.metrics[name]?.lintExceptions ?? {};
  const problems = nameProblems(name, family.type);
  for (const [rule, message] of Object.entries(problems)) {
    if (Object.hasOwn(exceptions, rule)) continue;
    findings.add(rule as NameRule, name, { message, contract: locate(name) });
  }
  for (const rule of Object.keys(exceptions)) {
    if (Object.hasOwn(problems, rule)) continue;
    const message = `it breaks no rule "${rule}", so the exception must go.`;
    findings.add('exception-used', name, { value: rule, message, contract: locate(name, 'lintExceptions') });
  }
}
