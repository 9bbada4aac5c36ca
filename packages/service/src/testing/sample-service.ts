import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { createHttpServer } from '../http-server.ts';
import { runService, type Server } from '../run-service.ts';
import { settings } from '../settings.ts';
import { SettingsError } from '../settings-error.ts';

/** A service as small as one can be, run as a process by the tests; `SAMPLE_BEHAVIOUR` says what goes wrong in it. */
await runService({
  service: 'proxy',
  version: '1.2.3',
  settings: {
    SAMPLE_PORT: settings.port(0),
    SAMPLE_EVENTS: settings.text('/dev/null'),
    SAMPLE_BEHAVIOUR: settings.text('none'),
    SAMPLE_SECRET: settings.optionalSecret(),
  },
  build: async ({ settings: own, telemetry, config }) => {
    const note = (event: string) => appendFileSync(own.SAMPLE_EVENTS, `${event}\n`);
    const behaviour = own.SAMPLE_BEHAVIOUR;
    if (behaviour === 'build fails') throw new TypeError('a wrong assumption');
    if (behaviour === 'setting refused')
      throw new SettingsError('SAMPLE_PORT', 'SAMPLE_PORT must be even: it is 1');
    telemetry.logger.info('configured', { details: { config } });
    if (behaviour === 'slow build') await delay(500);
    const app = createHttpServer({ telemetry });
    app.get('/v1/models', async () => 'answered');
    const http: Server = {
      name: 'http',
      listen: () => app.listen({ host: own.IBEX_HOST, port: own.SAMPLE_PORT }),
      close: async () => {
        note('http closed');
        await app.close();
      },
    };
    const second: Server = {
      name: 'second',
      listen: async () => 'nowhere',
      close: async () => {
        note('second closed');
        if (behaviour === 'stop hangs') await new Promise(() => {});
        if (behaviour === 'stop fails') throw new Error('would not close');
      },
    };
    if (behaviour === 'crash') setTimeout(() => Promise.reject(new Error('unforeseen')), 200);
    return {
      servers: [http, second],
      stop: [async () => note('store closed'), async () => note('cache closed')],
    };
  },
});
