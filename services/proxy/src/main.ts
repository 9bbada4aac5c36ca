import { runService } from '@ibex/service';
import manifest from '../package.json' with { type: 'json' };
import { proxySettings } from './config.ts';
import { buildGateway } from './gateway.ts';
import { configuredLabels, readProviders } from './providers/provider-config.ts';

await runService({
  service: 'proxy',
  version: manifest.version,
  settings: proxySettings,
  configured: (context) => configuredLabels(readProviders(context)),
  build: buildGateway,
});
