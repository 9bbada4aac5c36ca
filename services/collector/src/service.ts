import { join } from 'node:path';
import {
  type BuildContext,
  type BuiltService,
  createHttpServer,
  movable,
  type Server,
  type SettingsOf,
} from '@ibex/service';
import { keepBusPath } from '@ibex/telemetry/flight-recorder';
import type { collectorSettings } from './config.ts';
import { createKeepBusHandler } from './keep-bus/handler.ts';
import { KeepHub } from './keep-bus/hub.ts';
import { requireToken } from './query/authentication.ts';
import { queryRoutes } from './query/query-routes.ts';
import { Ingest } from './receivers/ingest.ts';
import { OtlpGrpcReceiver } from './receivers/otlp-grpc/receiver.ts';
import { OtlpHttpReceiver } from './receivers/otlp-http/receiver.ts';
import { PrometheusScraper } from './receivers/prometheus/scraper.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/types.ts';
import { createReceiverObserver } from './telemetry/receiver-observer.ts';
import { createStoreMetrics } from './telemetry/store-metrics.ts';

/** The part of the time for a stop that the delivery of the collector's own spans may take. */
const ownSpansShare = 1 / 4;

/**
 * Puts the collector together. At a stop it is told nothing more, scrapes a last time, and sends its own last spans while
 * its receivers, which are their receivers where it observes itself, still listen; the store is closed last.
 */
export async function buildCollector({
  settings,
  telemetry,
}: BuildContext<SettingsOf<typeof collectorSettings>>): Promise<BuiltService> {
  const { logger } = telemetry;
  const { IBEX_HOST: host, IBEX_COLLECTOR_QUERY_TOKEN: queryToken } = settings;
  const store = await openStore({
    directory: join(settings.IBEX_DATA_DIR, 'telemetry'),
    onFailure: (error) => logger.error('the store ended', { error }),
    onWarning: (error) => logger.warn('work of the store failed and is tried again', { error }),
  });
  const observer = createReceiverObserver(telemetry);
  const ingest = new Ingest({ sink: store, observer });
  const scraper = new PrometheusScraper({
    targets: settings.IBEX_COLLECTOR_SCRAPE_TARGETS,
    intervalMs: settings.IBEX_COLLECTOR_SCRAPE_INTERVAL_MS,
    sink: store,
    observer,
  });
  const query = createHttpServer({
    telemetry,
    dependencies: { store: async () => checkStore(store) },
    onScrape: createStoreMetrics(telemetry, store),
  });
  await query.register(queryRoutes, { store, queryToken });
  query.post('/internal/scrape', { onRequest: requireToken(queryToken) }, async (_request, reply) => {
    await scraper.scrapeNow();
    return reply.code(204).send();
  });
  const grpc = new OtlpGrpcReceiver({ ingest, host, port: settings.IBEX_COLLECTOR_OTLP_GRPC_PORT });
  const hub = new KeepHub();
  const http = new OtlpHttpReceiver({
    ingest,
    host,
    port: settings.IBEX_COLLECTOR_OTLP_HTTP_PORT,
    answerOther: createKeepBusHandler({ hub, token: settings.IBEX_KEEP_BUS_TOKEN }),
  });
  return {
    servers: [
      movable(receiverServer('otlp_grpc', { receiver: grpc, host }), 'IBEX_COLLECTOR_OTLP_GRPC_PORT'),
      movable(receiverServer('otlp_http', { receiver: http, host }), 'IBEX_COLLECTOR_OTLP_HTTP_PORT'),
      {
        name: 'own_telemetry',
        listen: async () => 'outgoing',
        close: () => telemetry.stop({ timeoutMs: settings.IBEX_STOP_TIMEOUT_MS * ownSpansShare }),
      },
      movable(
        {
          name: 'query',
          listen: () => query.listen({ host, port: settings.IBEX_COLLECTOR_QUERY_PORT }),
          close: () => query.close(),
        },
        'IBEX_COLLECTOR_QUERY_PORT',
      ),
      { name: 'scraper', listen: async () => startScraper(scraper), close: () => scraper.finish() },
      { name: 'keep_bus', listen: async () => keepBusPath, close: async () => hub.close() },
    ],
    stop: [() => store.close()],
  };
}

function receiverServer(
  name: string,
  { receiver, host }: { receiver: { start(): Promise<number>; stop(): Promise<void> }; host: string },
): Server {
  return { name, listen: async () => `${host}:${await receiver.start()}`, close: () => receiver.stop() };
}

function startScraper(scraper: PrometheusScraper): string {
  scraper.start();
  return 'outgoing';
}

async function checkStore(store: Store): Promise<string> {
  const { failure, rows, queuedRows } = store.statistics();
  if (failure !== undefined) throw new Error(failure);
  return `${counted(rows.spans, 'span')}, ${counted(rows.logs, 'log line')}, ${counted(queuedRows, 'row')} waiting`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
