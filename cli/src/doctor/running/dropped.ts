import { type Finding, ok, skipped, warning } from '../model.ts';
import { get } from '../network/get.ts';

/** Metrics that count what was lost, and values of the label `reason` that are no loss. */
const lossMetrics: Readonly<Record<string, readonly string[]>> = {
  ibex_telemetry_dropped_total: [],
  ibex_telemetry_flight_dropped_total: [],
  ibex_telemetry_announcements_dropped_total: [],
  ibex_collector_rejected_total: [],
  ibex_collector_refused_total: [],
  ibex_collector_store_dropped_rows: ['expired', 'duplicate_span'],
};

/** What to do, by the reason a record was dropped for. */
const advices: Readonly<Record<string, string>> = {
  queue_full: 'The collector was away or too slow: look at it, or raise IBEX_EXPORT_QUEUE_BYTES.',
  export_failed: 'The collector could not be reached for long: look at the findings on it above.',
  refused: 'The collector refused them: its log says why.',
  stopping: 'A service was stopped before everything was sent: raise IBEX_STOP_TIMEOUT_MS.',
  overloaded: 'The store was too slow: give it a faster disk, or sample less (OTEL_SAMPLE_RATIO).',
  write_failed: 'The store could not write: look at the disk of the data directory.',
  series_limit: 'A metric has more series than the store takes: close the values of its labels.',
};
const otherAdvice = 'The log of the service says more, at WARN, at most once a minute.';

interface Loss {
  readonly metric: string;
  readonly signal: string;
  readonly reason: string;
  readonly count: number;
}

/** What a service says it has lost since its start. */
export async function readDropped(
  service: string,
  { url, signal }: { url: string; signal: AbortSignal },
): Promise<Finding[]> {
  const name = `${service}: dropped`;
  const reply = await get(`${url}/metrics`, { signal });
  if (typeof reply === 'string' || reply.status !== 200) {
    const why = typeof reply === 'string' ? reply : `HTTP ${reply.status}`;
    return [skipped(name, `not known: ${url}/metrics brought ${why}`)];
  }
  const losses = lossesIn(reply.body);
  if (losses.length === 0) return [ok(name, 'nothing since its start')];
  return losses.map(({ metric, signal: what, reason, count }) =>
    warning(
      name,
      `${count} ${what || 'records'}${reason === '' ? '' : `, ${reason}`} (${metric})`,
      advices[reason] ?? otherAdvice,
    ),
  );
}

const sampleLine = /^([a-z_]+)(?:\{(.*)\})? (\S+)/;

/** The series of the loss metrics that are not zero, in text format 0.0.4 or OpenMetrics. */
export function lossesIn(exposition: string): Loss[] {
  return exposition.split('\n').flatMap((line) => {
    const [, metric = '', labels = '', value] = sampleLine.exec(line) ?? [];
    const harmless = lossMetrics[metric];
    const count = Number(value);
    if (harmless === undefined || !(count > 0)) return [];
    const reason = labelOf(labels, 'reason');
    return harmless.includes(reason) ? [] : [{ metric, signal: labelOf(labels, 'signal'), reason, count }];
  });
}

function labelOf(labels: string, name: string): string {
  return new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
}
