import { listMetrics } from './metrics/list-metrics.ts';
import { readMetricRange } from './metrics/read-metric-range.ts';
import type { Reads, Request } from './protocol.ts';
import { readLogVolume, searchLogs } from './read-logs.ts';
import { searchSpans } from './read-spans.ts';
import { readTrace } from './read-trace.ts';
import type { Reader } from './reader-pool.ts';
import type { Registries } from './registries.ts';

export type ReadRequest = Extract<Request, { type: 'read' }>;

/** Answers one question. */
export function answer(
  request: ReadRequest,
  context: { reader: Reader; registries: Registries },
): Promise<Reads[ReadRequest['kind']]['result']> {
  const { reader, registries } = context;
  switch (request.kind) {
    case 'trace':
      return readTrace(request.query, reader);
    case 'spans':
      return searchSpans(request.query, reader);
    case 'logs':
      return searchLogs(request.query, reader);
    case 'logVolume':
      return readLogVolume(request.query, reader);
    case 'services':
      return Promise.resolve(registries.services.list());
    case 'metrics':
      return Promise.resolve(listMetrics(registries));
    case 'metricRange':
      return readMetricRange(request.query, context);
  }
}
