import { runService } from '@ibex/service';
import manifest from '../package.json' with { type: 'json' };
import { collectorSettings } from './config.ts';
import { buildCollector } from './service.ts';

await runService({
  service: 'collector',
  version: manifest.version,
  settings: collectorSettings,
  configured: ({ settings }) => ({
    target: settings.IBEX_COLLECTOR_SCRAPE_TARGETS.map(({ service }) => service),
  }),
  build: buildCollector,
});
