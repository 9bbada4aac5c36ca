import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import type { components } from '@ibex/api/console';
import OpenAI from 'openai';
import { ConsoleClient } from './support/console-client.ts';
import { eventually } from './support/eventually.ts';
import { asText, portEnvironment, spawnUp, startHouse } from './support/house.ts';
import { childrenOf, isAlive } from './support/processes.ts';

describe('starting and stopping the whole house', () => {
  test('keeps what it showed over a restart, leaves no process behind, and guards its secrets', async () => {
    const first = await startHouse();
    const credentialsFile = `${first.dataDirectory}/credentials.json`;
    assert.equal(statSync(credentialsFile).mode & 0o777, 0o600);
    assert.deepEqual(Object.keys(first.credentials).toSorted(), ['admin_token', 'api_key', 'console_url']);
    const children = childrenOf(first.process.pid ?? 0);
    assert.ok(children.length >= 4);

    const openai = new OpenAI({ apiKey: first.credentials.api_key, baseURL: first.apiUrl });
    const { response } = await openai.chat.completions
      .create({ model: 'echo', messages: [{ role: 'user', content: 'before the restart' }] })
      .withResponse();
    const traceId = response.headers.get('x-trace-id');
    assert.equal(await first.stop(), 0, first.output());
    assert.deepEqual(children.filter(isAlive), []);

    const second = await startHouse({ dataDirectory: first.dataDirectory });
    try {
      assert.equal(second.credentials.api_key, first.credentials.api_key);
      const client = new ConsoleClient(second.credentials.console_url);
      await client.login(second.credentials.admin_token);
      const trace = await client.get<components['schemas']['Trace']>(`/api/telemetry/traces/${traceId}`);
      assert.ok(trace.spans.some((span) => span.name === 'POST /v1/chat/completions'));
      const page = await client.get<components['schemas']['LogPage']>(
        `/api/telemetry/logs?traceId=${traceId}`,
      );
      assert.ok(page.logs.length > 0);
    } finally {
      await second.dispose();
    }
  });

  test('a taken port: one line with the port and the variable, exit code 1, nothing left', async () => {
    const ports = await portEnvironment();
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(ports.IBEX_CONSOLE_PORT, '127.0.0.1', resolve));
    const up = await spawnUp({ ...asText(ports), IBEX_DATA_DIR: '/tmp/ibex-never-made' });
    assert.equal(await up.exited, 1);
    const lines = up.output().trim().split('\n');
    const line = lines.find((text) => text.includes(String(ports.IBEX_CONSOLE_PORT))) ?? '';
    assert.match(line, /IBEX_CONSOLE_PORT/);
    assert.match(line, new RegExp(String(process.pid)), 'names the process that holds the port');
    await new Promise((resolve) => holder.close(resolve));
  });

  test('a bad setting: one line with the variable, the rule and the value', async () => {
    const up = await spawnUp({ IBEX_PROXY_PORT: '80x' });
    assert.equal(await up.exited, 1);
    assert.match(up.output(), /IBEX_PROXY_PORT must be .*80x/);
  });

  test('a data directory that cannot be written: one clear line', async () => {
    const ports = await portEnvironment();
    // A file where the directory should be: even root cannot write below it.
    const up = await spawnUp({ ...asText(ports), IBEX_DATA_DIR: '/proc/version/ibex' });
    assert.equal(await up.exited, 1);
    assert.match(up.output(), /IBEX_DATA_DIR|\/proc\/version\/ibex/);
  });

  test('children end when the parent is killed', async () => {
    const house = await startHouse();
    const children = childrenOf(house.process.pid ?? 0);
    house.process.kill('SIGKILL');
    await eventually(() => (children.some(isAlive) ? undefined : true), { what: 'the end of every child' });
    await house.dispose();
  });
});
