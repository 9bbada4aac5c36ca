import { runService } from '@ibex/service';
import manifest from '../package.json' with { type: 'json' };
import { consoleSettings } from './config.ts';
import { openConnections } from './connections.ts';
import { createConsoleServer } from './server.ts';
import { webDirectory } from './web/static-files.ts';

const loopback = ['127.0.0.1', '::1', 'localhost'];

await runService({
  service: 'console',
  version: manifest.version,
  settings: consoleSettings,
  async build({ settings, telemetry, environment }) {
    const { IBEX_HOST: host, IBEX_CONSOLE_PORT: port } = settings;
    if (!loopback.includes(host) && !settings.IBEX_CONSOLE_SECURE_COOKIES) {
      const reason = 'cookies travel unprotected beyond this machine; put TLS in front and set it to true';
      telemetry.logger.warn('insecure cookies', { setting: 'IBEX_CONSOLE_SECURE_COOKIES', reason });
    }
    const connections = openConnections(settings, { telemetry, environment });
    const app = createConsoleServer({ settings, telemetry, connections, webDirectory });
    return {
      servers: [{ name: 'http', listen: () => app.listen({ host, port }), close: () => app.close() }],
      stop: [() => connections.close()],
    };
  },
});
