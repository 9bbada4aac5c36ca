import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type House, startHouse } from './support/house.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('ibex gate on services that run already', () => {
  let house: House;

  before(async () => {
    // Reads of the console are logged at DEBUG only.
    house = await startHouse({ environment: { IBEX_LOG_LEVEL: 'DEBUG' } });
  });
  after(() => house.dispose());

  /** Runs `ibex gate` on one service of the house, with the collector it sends to. */
  async function gate(port: number) {
    const token = readFileSync(join(house.dataDirectory, 'secrets/query-token'), 'utf8').trim();
    const args = ['gate', 'metrics', 'traces', 'logs', '--json', '--url', `http://127.0.0.1:${port}`];
    const collector = ['--collector', `http://127.0.0.1:${house.ports.IBEX_COLLECTOR_QUERY_PORT}`];
    const credentials = ['--credentials', join(house.dataDirectory, 'credentials.json')];
    const child = spawn(process.execPath, ['cli/src/main.ts', ...args, ...collector, ...credentials], {
      cwd: root,
      env: { ...process.env, IBEX_COLLECTOR_QUERY_TOKEN: token },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output += String(chunk)));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, output };
  }

  for (const variable of ['IBEX_PROXY_PORT', 'IBEX_AUTH_HTTP_PORT', 'IBEX_CONSOLE_PORT'] as const) {
    test(`the service at ${variable} holds the contract`, async () => {
      const { code, output } = await gate(house.ports[variable]);
      assert.equal(code, 0, output);
      assert.deepEqual(JSON.parse(output).findings, []);
    });
  }

  test('nothing is changed: probes that would are left out, and the report says so', async () => {
    const { output } = await gate(house.ports.IBEX_AUTH_HTTP_PORT);
    const [probes] = JSON.parse(output).inspections;
    assert.match(probes.notes.join('\n'), /probes left out, it changes what the service keeps: create-agent/);
  });
});
