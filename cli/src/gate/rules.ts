import { sourceRules } from '@ibex/eslint-plugin/source-rules';
import type { Subject } from './model.ts';

/** Every rule of the gates with what it asks, by subject. */
export const rules = {
  probes: {
    'probe-status': 'a probe request is answered with its declared status',
    'correlation-headers':
      'every answer carries X-Request-ID, the one sent where one was sent, and X-Trace-ID',
  },
  metrics: {
    'content-type':
      'a scrape is answered in the format it asks for, text 0.0.4 and OpenMetrics, and the answer says so',
    format: 'an exposition follows its format',
    'family-present': 'every metric of the contract is there, with samples or without',
    'family-declared': 'no metric is exposed that the contract does not declare',
    'type-matches': 'a metric has its declared type',
    'help-matches': 'a metric has its declared help text',
    'unit-matches': 'in OpenMetrics a metric has the unit that its name ends in',
    'label-names': 'a series has the declared labels and no others',
    'forbidden-label': 'no label stands for a single organisation, agent, user or session',
    'label-value': 'a label value is in its closed set, or is other',
    'label-limit': 'a configured set has no more values than its limit',
    'series-budget': 'a metric has no more series than its worst case',
    'buckets-match': 'a histogram has the declared buckets and +Inf',
    'histogram-consistent': 'buckets are cumulative, +Inf equals the count, sum and count are there',
    'counter-value': 'a counter is finite and not negative',
    'counter-suffix': 'counters end in _total, and only counters do',
    'duplicate-series': 'every series is there once',
    'reserved-suffix': 'no counter or gauge ends in _count, _sum or _bucket',
    'metric-name': 'a metric name is lower-case words joined by underscores, without its type in it',
    'base-unit': 'a unit is a base unit, spelled out',
    exemplar:
      'an exemplar stands where the contract allows it, in OpenMetrics, is small, names a trace and nothing else, and lies in its bucket',
    'exemplar-kept': 'an exemplar names a trace whose spans the service has exported',
    'runtime-measured': 'the process and its runtime are measured, where the contract has them',
    'probe-counted': 'every probe request is counted under its route, method and status',
    'no-violation': 'the service itself met no value outside the contract',
    'no-secret': 'no label value is a secret',
    promtool: 'promtool finds nothing that is not a declared exception',
    'exception-used': 'an exception declared for a metric is needed',
  },
  traces: {
    'root-span': 'every traced probe has one root span',
    'span-name': 'the root span is named {method} {route}',
    'no-raw-id': 'no span name contains an id',
    'span-declared': 'every span is declared by the contract',
    'span-service': 'a span comes from a service that may emit it',
    parentage: 'every span but the root has its parent in the trace',
    'resource-attributes': 'every span has the resource attributes, and the name of its service',
    'required-attributes': 'a span has its required attributes',
    'route-declared': 'the route of a server span is one that the contract names',
    'declared-attributes': 'a span has no attribute that is not declared',
    'mutation-spans': 'a request that changes something has child spans for what it does',
    'error-status': 'a span that answers 500 or above has the status error',
    'error-code':
      'a span with the status error has an error_code: a word of a catalog, no message and no number',
    'no-secret': 'no attribute, event or name holds a secret',
    quiet: 'probes of health and scrapes leave no span',
  },
  logs: {
    json: 'every line is a JSON object',
    'required-fields': 'every line has time, level, msg and service',
    'field-declared': 'a line has no field that is not declared',
    'field-type': 'a field has its declared type',
    'time-format': 'time is RFC 3339 in UTC with milliseconds',
    'level-known': 'level is DEBUG, INFO, WARN or ERROR',
    'service-name': 'service is the one that wrote the line',
    'correlation-ids': 'a line of a request has request_id, correlation_id, trace_id and span_id',
    'request-line': 'every traced probe has a line with its request id, route, status and trace',
    'no-secret': 'no field holds a secret',
    quiet: 'probes of health and scrapes leave no line',
  },
  source: {
    ...sourceRules,
    'exception-used': 'an exception of the configuration is needed',
    parses: 'every source file can be read',
  },
} as const satisfies Readonly<Record<Subject, Readonly<Record<string, string>>>>;

export type RuleOf<Of extends Subject> = keyof (typeof rules)[Of] & string;
