import type { TelemetryBackend } from '../backend/telemetry-backend.ts';
import type { Handlers } from '../openapi/handlers.ts';
import type { AnswerSanitiser } from './sanitise.ts';

type TelemetryHandlers = Pick<
  Handlers,
  | 'listServices'
  | 'getTrace'
  | 'searchSpans'
  | 'searchLogs'
  | 'getLogVolume'
  | 'listMetrics'
  | 'queryMetricRange'
>;

export interface TelemetryHandlersOptions {
  readonly backend: TelemetryBackend;
  readonly sanitiser: AnswerSanitiser;
}

/** Reading telemetry: each call goes to the back end with what the document allows, and ends when the browser leaves. */
export function createTelemetryHandlers({ backend, sanitiser }: TelemetryHandlersOptions): TelemetryHandlers {
  return {
    listServices: ({ request: { signal } }) => backend.services({ signal }),
    getTrace: async ({ path, request: { signal } }) =>
      sanitiser.trace(await backend.trace(path.traceId, { signal })),
    searchSpans: async ({ query, request: { signal } }) =>
      sanitiser.spanPage(await backend.spans(query, { signal })),
    searchLogs: async ({ query, request: { signal } }) =>
      sanitiser.logPage(await backend.logs(query, { signal })),
    getLogVolume: ({ query, request: { signal } }) => backend.logVolume(query, { signal }),
    listMetrics: ({ request: { signal } }) => backend.metrics({ signal }),
    queryMetricRange: ({ path, query, request: { signal } }) =>
      backend.metricRange({ name: path.name, query }, { signal }),
  };
}
