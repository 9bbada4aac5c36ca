import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { isRunning } from '../data-directory/process-identity.ts';
import { TestWorkspace, until } from '../testing/workspace.ts';

const readyText = 'Ibex is running';
let workspace: TestWorkspace;

beforeEach(async () => {
  workspace = new TestWorkspace();
  await workspace.prepare();
});

afterEach(() => workspace.remove());

/** The process ids of every service that was ever started. */
function servicePids(): number[] {
  return workspace
    .events()
    .flatMap((event) => /started (\d+)/.exec(event)?.[1] ?? [])
    .map(Number);
}

function assertNothingLeft(): void {
  assert.deepEqual(servicePids().filter(isRunning), []);
  assert.equal(existsSync(join(workspace.dataDirectory, 'ibex.lock')), false);
}

test('everything starts, is announced, and stops in order with the last log lines acknowledged', async () => {
  const { pid, ended } = workspace.run();
  await workspace.untilOutput(readyText);
  await workspace.untilOutput('Ctrl-C');
  process.kill(pid, 'SIGINT');
  assert.equal(await ended, 0);
  const [scrape, ...stops] = workspace.events().filter((event) => !event.includes('started'));
  const token = readFileSync(join(workspace.dataDirectory, 'secrets/query-token'), 'utf8');
  assert.equal(scrape, `collector POST /internal/scrape Bearer ${token}`);
  assert.deepEqual(
    new Set(stops.slice(0, 2)),
    new Set(['proxy asked to stop by SIGTERM', 'console asked to stop by SIGTERM']),
  );
  assert.deepEqual(new Set(stops.slice(2, 4)), new Set(['proxy stopped', 'console stopped']));
  assert.deepEqual(stops.slice(4), [
    'auth asked to stop by SIGTERM',
    'auth stopped',
    'collector asked to stop by SIGTERM',
    'collector stopped',
  ]);
  const logs = workspace.receivedLogs().join('\n');
  assert.equal(logs.match(/"listening"/g)?.length, 4);
  assert.equal(logs.match(/"last words"/g)?.length, 3);
  assertNothingLeft();
});

test('the banner shows what auth and the console made, and the credentials get the console', async () => {
  const { pid, ended } = workspace.run();
  await workspace.untilOutput('Ctrl-C');
  const code = readFileSync(join(workspace.dataDirectory, 'secrets/login-code'), 'utf8');
  const consoleUrl = `http://127.0.0.1:${workspace.environment.IBEX_CONSOLE_PORT}`;
  assert.ok(workspace.output.includes(`${consoleUrl}/login/${code}`));
  assert.ok(workspace.output.includes("-H 'Authorization: Bearer ibex_test_key'"));
  const credentialsPath = join(workspace.dataDirectory, 'credentials.json');
  assert.equal(JSON.parse(readFileSync(credentialsPath, 'utf8')).console_url, consoleUrl);
  assert.equal(statSync(credentialsPath).mode & 0o777, 0o600);
  process.kill(pid, 'SIGTERM');
  await ended;
});

test('a service that ends before it is ready stops everything, with its last lines and one clear line', async () => {
  workspace.write('data/proxy-fails', '');
  assert.equal(await workspace.run().ended, 1);
  assert.match(workspace.output, / WARN {2}proxy {6}the reason of the failure\n/);
  assert.match(
    workspace.output,
    /^ibex: proxy ended with exit code 1 before it was ready; its last lines are above\.$/m,
  );
  assertNothingLeft();
});

test('a taken port is told in one line and nothing is started', async () => {
  const port = Number(workspace.environment.IBEX_AUTH_GRPC_PORT);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  assert.equal(await workspace.run().ended, 1);
  server.close();
  assert.match(
    workspace.output,
    new RegExp(`^ibex: Port ${port} \\(auth, gRPC\\) is taken by node .*IBEX_AUTH_GRPC_PORT.*\\n$`),
  );
  assert.deepEqual(workspace.events(), []);
  assertNothingLeft();
});

test('a second start on the same data is refused in one line', async () => {
  const first = workspace.run();
  await workspace.untilOutput(readyText);
  workspace.output = '';
  assert.equal(await workspace.run().ended, 1);
  assert.match(
    workspace.output,
    new RegExp(`^ibex: \`ibex up\` already runs on .* \\(pid ${first.pid}\\)\\..*\\n$`),
  );
  process.kill(first.pid, 'SIGTERM');
  assert.equal(await first.ended, 0);
});

test('a service that dies while running is started again', async () => {
  const { pid, ended } = workspace.run();
  await workspace.untilOutput(readyText);
  const proxyPid = Number(
    workspace
      .events()
      .find((event) => event.startsWith('proxy started'))
      ?.split(' ')[2],
  );
  process.kill(proxyPid, 'SIGKILL');
  await workspace.untilOutput('proxy was ended by SIGKILL; starting it again in 0.5 s');
  await until(
    () => workspace.events().filter((event) => event.startsWith('proxy started')).length === 2,
    () => 'the second start',
  );
  process.kill(pid, 'SIGTERM');
  assert.equal(await ended, 0);
  assertNothingLeft();
});

test('a second Ctrl-C ends everything at once', async () => {
  workspace.write('data/proxy-hangs', '');
  const { pid, ended } = workspace.run();
  await workspace.untilOutput(readyText);
  process.kill(pid, 'SIGINT');
  await until(
    () => workspace.events().includes('proxy asked to stop by SIGTERM'),
    () => 'the stop',
  );
  await new Promise((resolve) => setTimeout(resolve, 500));
  process.kill(pid, 'SIGINT');
  assert.equal(await ended, 130);
  await until(
    () => servicePids().every((servicePid) => !isRunning(servicePid)),
    () => 'the end of all',
  );
});

test('a service that does not stop is ended, and the others still stop in order', async () => {
  workspace.write('data/proxy-hangs', '');
  const { pid, ended } = workspace.run();
  await workspace.untilOutput(readyText);
  process.kill(pid, 'SIGTERM');
  assert.equal(await ended, 0);
  assert.match(workspace.output, /^ibex: proxy did not stop in time and was ended at once\.$/m);
  assert.deepEqual(workspace.events().slice(-2), ['collector asked to stop by SIGTERM', 'collector stopped']);
  assertNothingLeft();
});

test('when ibex up itself is killed the services notice, and the next start takes over', async () => {
  const first = workspace.run();
  await workspace.untilOutput(readyText);
  process.kill(first.pid, 'SIGKILL');
  await first.ended;
  workspace.output = '';
  const second = workspace.run();
  await workspace.untilOutput(readyText);
  assert.equal(workspace.events().filter((event) => event.includes('by the end of stdin')).length, 4);
  process.kill(second.pid, 'SIGTERM');
  assert.equal(await second.ended, 0);
  assertNothingLeft();
});
