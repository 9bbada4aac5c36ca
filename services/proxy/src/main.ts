import { runService } from '@ibex/service';
import manifest from '../package.json' with { type: 'json' };
import { proxySettings } from './config.ts';
import { buildGateway } from './gateway.ts';
import { readListening } from './listening.ts';
import { gatewayLabels } from './routing/configured-labels.ts';
import { readStopTimes } from './stop-times.ts';

await runService({
  service: 'proxy',
  version: manifest.version,
  settings: proxySettings,
  configured: (sources) => {
    readListening(sources.settings);
    readStopTimes(sources.settings);
    return gatewayLabels(sources);
  },
  build: buildGateway,
});
