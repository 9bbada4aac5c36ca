import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { components } from '@ibex/api/console';
import OpenAI from 'openai';
import { ConsoleClient } from './support/console-client.ts';
import { eventually } from './support/eventually.ts';
import { type House, startHouse } from './support/house.ts';
import { childRunning } from './support/processes.ts';

type Trace = components['schemas']['Trace'];

describe('a service of the house dies', () => {
  let house: House;
  let openai: OpenAI;

  before(async () => {
    house = await startHouse();
    openai = new OpenAI({ apiKey: house.credentials.api_key, baseURL: house.apiUrl, maxRetries: 0 });
  });
  after(() => house?.dispose());

  async function ask(content: string): Promise<string> {
    const { response } = await openai.chat.completions
      .create({ model: 'echo', messages: [{ role: 'user', content }] })
      .withResponse();
    return response.headers.get('x-trace-id') ?? '';
  }

  /** Waits until the console shows the trace's server span. */
  async function untilShown(traceId: string): Promise<void> {
    await eventually(
      async () => {
        const client = new ConsoleClient(house.credentials.console_url);
        await client.login(house.credentials.admin_token);
        const trace = await client.get<Trace>(`/api/telemetry/traces/${traceId}`);
        return trace.spans.find((span) => span.name === 'POST /v1/chat/completions');
      },
      { timeoutMs: 40_000, intervalMs: 500, what: `trace ${traceId} in the console` },
    );
  }

  test('the collector: requests go on, what was acknowledged is kept, what was not is sent again', async () => {
    const before = await ask('before the collector dies');
    await untilShown(before);
    process.kill(childRunning(house.process.pid ?? 0, 'services/collector/'), 'SIGKILL');
    const during = await ask('while the collector is down');
    assert.match(during, /^[0-9a-f]{32}$/);
    await untilShown(during);
    await untilShown(before);
  });

  test('auth: a clear 503 for a token that is not known yet, and service as before when it is back', async () => {
    process.kill(childRunning(house.process.pid ?? 0, 'services/auth/'), 'SIGKILL');
    const stranger = new OpenAI({
      apiKey: house.credentials.admin_token,
      baseURL: house.apiUrl,
      maxRetries: 0,
    });
    const messages = [{ role: 'user' as const, content: 'hello' }];
    await assert.rejects(stranger.chat.completions.create({ model: 'echo', messages }), (error: unknown) => {
      assert.ok(error instanceof OpenAI.InternalServerError);
      assert.equal(error.status, 503);
      assert.equal(error.code, 'auth_unavailable');
      assert.match(error.requestID ?? '', /^[0-9a-f-]{36}$/);
      return true;
    });
    await eventually(() => stranger.chat.completions.create({ model: 'echo', messages }), {
      timeoutMs: 40_000,
      intervalMs: 250,
      what: 'auth back again',
    });
  });
});
