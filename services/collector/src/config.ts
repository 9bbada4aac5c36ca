import { settings } from '@ibex/service';
import { z } from 'zod';
import type { ScrapeTarget } from './receivers/prometheus/target.ts';

const maximumTargets = 16;
const targetPattern = /^([A-Za-z][\w-]{0,63})=(https?:\/\/\S+)$/;

/** `name=url,name=url`. */
const scrapeTargets = z
  .string()
  .default('')
  .transform((text, context): ScrapeTarget[] => {
    const items = text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    const targets = items.flatMap((item) => {
      const [, service, url] = targetPattern.exec(item) ?? [];
      return service !== undefined && url !== undefined && URL.canParse(url) ? [{ service, url }] : [];
    });
    if (targets.length === items.length && targets.length <= maximumTargets) return targets;
    context.addIssue('invalid');
    return z.NEVER;
  })
  .meta({
    rule: `a list such as "proxy=http://127.0.0.1:8080/metrics,auth=http://127.0.0.1:8081/metrics", at most ${maximumTargets} targets`,
  });

/** The variables of the collector, as the operator writes them. */
export const collectorSettings = {
  IBEX_DATA_DIR: settings.text('.ibex'),
  IBEX_COLLECTOR_OTLP_GRPC_PORT: settings.port(4317),
  IBEX_COLLECTOR_OTLP_HTTP_PORT: settings.port(4318),
  IBEX_COLLECTOR_QUERY_PORT: settings.port(8082),
  /** What callers of the query API send as bearer token. */
  IBEX_COLLECTOR_QUERY_TOKEN: settings.secret({ minimumLength: 16 }),
  /** What callers of the keep bus send as bearer token; without it only this machine is served. */
  IBEX_KEEP_BUS_TOKEN: settings.optionalSecret(),
  IBEX_COLLECTOR_SCRAPE_TARGETS: scrapeTargets,
  IBEX_COLLECTOR_SCRAPE_INTERVAL_MS: settings.integer(5_000, { minimum: 500, maximum: 3_600_000 }),
};
