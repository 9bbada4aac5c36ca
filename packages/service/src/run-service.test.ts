import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpReceiver } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { runSample, type Sample } from './testing/run-sample.ts';

type Context = { after(run: () => void): void };

function run(context: Context, environment: Readonly<Record<string, string>> = {}): Sample {
  const sample = runSample(environment);
  context.after(() => sample.remove());
  return sample;
}

const messages = ({ lines }: Sample) => lines.map(({ msg }) => msg);
const inOrder = ['second closed', 'http closed', 'store closed', 'cache closed'];

describe('a service', () => {
  test('listens, says where, and stops in order when it is asked to', async (context) => {
    const sample = run(context);
    const { address } = await sample.said('listening');
    await sample.said('started');
    assert.equal(await (await fetch(`${address}/v1/models`)).text(), 'answered');
    sample.child.kill('SIGTERM');
    assert.deepEqual(await sample.ended, { code: 0, signal: null });
    assert.deepEqual(sample.events(), inOrder);
    const said = messages(sample).filter((message) => message !== 'request completed');
    assert.deepEqual(said, ['configured', 'listening', 'listening', 'started', 'stopping', 'stopped']);
    const stopping = sample.lines.find(({ msg }) => msg === 'stopping');
    assert.equal(stopping?.signal, 'SIGTERM');
    assert.equal(sample.errors(), '');
  });

  test('stops at SIGINT, and one that comes with SIGTERM is the same wish', async (context) => {
    const sample = run(context);
    await sample.said('started');
    sample.child.kill('SIGINT');
    sample.child.kill('SIGTERM');
    assert.deepEqual(await sample.ended, { code: 0, signal: null });
    assert.deepEqual(sample.events(), inOrder);
  });

  test('stops when its standard input ends, if it is told to watch it', async (context) => {
    const watching = run(context, { IBEX_STOP_ON_STDIN_END: 'true' });
    await watching.said('started');
    watching.child.stdin?.end();
    assert.deepEqual(await watching.ended, { code: 0, signal: null });
    assert.equal(watching.lines.find(({ msg }) => msg === 'stopping')?.signal, 'stdin');

    const other = run(context);
    await other.said('started');
    other.child.stdin?.end();
    await delay(200);
    assert.equal(other.child.exitCode, null);
  });

  test('gives up on a step that hangs after half of its time, and says so', async (context) => {
    const sample = run(context, { SAMPLE_BEHAVIOUR: 'stop hangs', IBEX_STOP_TIMEOUT_MS: '600' });
    await sample.said('started');
    sample.child.kill('SIGTERM');
    assert.deepEqual(await sample.ended, { code: 1, signal: null });
    assert.equal(messages(sample).at(-1), 'stopped with work unfinished');
  });

  test('ends at once at a second signal', async (context) => {
    const sample = run(context, { SAMPLE_BEHAVIOUR: 'stop hangs', IBEX_STOP_TIMEOUT_MS: '600000' });
    await sample.said('started');
    sample.child.kill('SIGTERM');
    await sample.said('stopping');
    await delay(700);
    sample.child.kill('SIGTERM');
    assert.deepEqual(await sample.ended, { code: 1, signal: null });
    assert.equal(messages(sample).at(-1), 'stopping');
  });

  test('runs the other steps when one fails', async (context) => {
    const sample = run(context, { SAMPLE_BEHAVIOUR: 'stop fails' });
    await sample.said('started');
    sample.child.kill('SIGTERM');
    assert.deepEqual(await sample.ended, { code: 0, signal: null });
    assert.deepEqual(sample.events(), inOrder);
    const failed = await sample.said('a stop step failed');
    assert.equal((failed.error as Error).message, 'would not close');
  });

  test('asked to stop during its start, finishes the start and then stops', async (context) => {
    const sample = run(context, { SAMPLE_BEHAVIOUR: 'slow build' });
    await sample.said('configured');
    sample.child.kill('SIGTERM');
    assert.deepEqual(await sample.ended, { code: 0, signal: null });
    assert.deepEqual(sample.events(), inOrder);
  });

  test('says what nobody caught, and ends with code 1', async (context) => {
    const sample = run(context, { SAMPLE_BEHAVIOUR: 'crash' });
    assert.deepEqual(await sample.ended, { code: 1, signal: null });
    const last = sample.lines.at(-1);
    assert.deepEqual([last?.level, last?.msg], ['ERROR', 'crashed']);
    assert.match(JSON.stringify(last?.error), /"message":"unforeseen"/);
  });
});

describe('a start that fails is one clear line and code 1', () => {
  test('a wrong setting', async (context) => {
    const sample = run(context, { SAMPLE_PORT: '80x' });
    assert.deepEqual(await sample.ended, { code: 1, signal: null });
    assert.equal(
      sample.errors(),
      'ibex proxy: SAMPLE_PORT must be a port between 0 and 65535: it is "80x"\n',
    );
    assert.deepEqual(sample.lines, []);
  });

  test('a wrong telemetry setting, from a variable or the config file', async (context) => {
    const ratio = run(context, { OTEL_SAMPLE_RATIO: '7' });
    assert.equal((await ratio.ended).code, 1);
    assert.equal(
      ratio.errors(),
      'ibex proxy: OTEL_SAMPLE_RATIO must be a number between 0 and 1: it is "7"\n',
    );

    const directory = mkdtempSync(join(tmpdir(), 'ibex-config-'));
    context.after(() => rmSync(directory, { recursive: true, force: true }));
    const file = join(directory, 'config.yaml');
    writeFileSync(file, 'observability:\n  tracing:\n    sampler:\n      rate: 3\n');
    const block = run(context, { IBEX_CONFIG: file });
    assert.equal((await block.ended).code, 1);
    assert.equal(
      block.errors(),
      'ibex proxy: observability.tracing.sampler.rate must be a number between 0 and 1: it is 3\n',
    );
    const missing = run(context, { IBEX_CONFIG: join(directory, 'missing.yaml') });
    assert.equal((await missing.ended).code, 1);
    assert.match(missing.errors(), /^ibex proxy: IBEX_CONFIG must name a readable file: ENOENT.*\n$/);
  });

  test('a port in use', async (context) => {
    const taken = createServer().listen(0, '127.0.0.1');
    context.after(() => taken.close());
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    const sample = run(context, { SAMPLE_PORT: String(port) });
    assert.deepEqual(await sample.ended, { code: 1, signal: null });
    const last = sample.lines.at(-1);
    assert.deepEqual([last?.level, last?.msg], ['ERROR', 'could not start']);
    assert.equal(
      last?.reason,
      `Cannot listen for http: listen EADDRINUSE: address already in use 127.0.0.1:${port}. Stop what uses the port, or give this service another one.`,
    );
    assert.deepEqual(sample.events(), inOrder);
  });

  test('a setting that the service itself refuses', async (context) => {
    const sample = run(context, { SAMPLE_BEHAVIOUR: 'setting refused' });
    assert.equal((await sample.ended).code, 1);
    assert.equal(sample.lines.at(-1)?.reason, 'SAMPLE_PORT must be even: it is 1');
  });

  test('anything else, with its stack', async (context) => {
    const sample = run(context, { SAMPLE_BEHAVIOUR: 'build fails' });
    assert.equal((await sample.ended).code, 1);
    const error = sample.lines.at(-1)?.error as Error;
    assert.deepEqual([error.name, error.message], ['TypeError', 'a wrong assumption']);
    assert.match(String(error.stack), /sample-service\.ts/);
  });
});

describe('spans', () => {
  /** A receiver of OTLP over HTTP that keeps what it gets, or never answers. */
  async function startReceiver(context: Context, { answers }: { answers: boolean }) {
    const received: Buffer[] = [];
    const server = createHttpReceiver(async (request, response) => {
      const body = Buffer.concat((await request.toArray()) as Buffer[]);
      received.push(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
      if (answers) response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    context.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_SAMPLE_RATIO: '1',
    };
    return { received, environment };
  }

  test('are delivered when the service stops', async (context) => {
    const { received, environment } = await startReceiver(context, { answers: true });
    const sample = run(context, environment);
    const { address } = await sample.said('listening');
    await sample.said('started');
    await (await fetch(`${address}/v1/models`, { headers: { 'x-request-id': 'request-1' } })).text();
    sample.child.kill('SIGTERM');
    assert.deepEqual(await sample.ended, { code: 0, signal: null });
    const all = Buffer.concat(received);
    for (const text of ['GET /v1/models', 'request-1', 'service.version', '1.2.3'])
      assert.ok(all.includes(text), text);
  });

  test('that nobody takes neither delay an answer nor the stop, and are counted as lost', async (context) => {
    const { environment } = await startReceiver(context, { answers: false });
    const sample = run(context, { ...environment, IBEX_STOP_TIMEOUT_MS: '600' });
    const { address } = await sample.said('listening');
    await sample.said('started');
    assert.equal((await fetch(`${address}/v1/models`)).status, 200);
    sample.child.kill('SIGTERM');
    assert.deepEqual(await sample.ended, { code: 0, signal: null });
    const lost = sample.lines.find(({ msg }) => msg === 'spans dropped');
    assert.deepEqual([lost?.count, lost?.reason], [1, 'stopping: no time left']);
  });
});

describe('a service that is asked for its settings', () => {
  interface Said {
    readonly service: string;
    readonly variables: readonly string[];
    readonly problems: readonly { setting: string; message: string }[];
  }

  async function check(context: Context, environment: Readonly<Record<string, string>>) {
    const sample = run(context, { ...environment, IBEX_CHECK_SETTINGS: 'true' });
    const { code } = await sample.ended;
    return { code, said: sample.lines[0] as unknown as Said, count: sample.lines.length };
  }

  test('names its variables and starts nothing', async (context) => {
    const { code, said, count } = await check(context, {});
    assert.deepEqual([code, count, said.service, said.problems], [0, 1, 'proxy', []]);
    for (const name of ['SAMPLE_PORT', 'IBEX_HOST', 'IBEX_CONFIG']) assert.ok(said.variables.includes(name));
  });

  test('tells all that is wrong at once, and no secret', async (context) => {
    const { code, said } = await check(context, {
      SAMPLE_PORT: 'eighty',
      IBEX_STOP_TIMEOUT_MS: '-1',
      SAMPLE_SECRET_FILE: '/nowhere/at/all',
    });
    assert.equal(code, 1);
    assert.deepEqual(said.problems.map(({ setting }) => setting).toSorted(), [
      'IBEX_STOP_TIMEOUT_MS',
      'SAMPLE_PORT',
      'SAMPLE_SECRET_FILE',
    ]);
  });

  test('reads the configuration file', async (context) => {
    const { code, said } = await check(context, { IBEX_CONFIG: '/nowhere/config.yaml' });
    assert.equal(code, 1);
    assert.match(said.problems[0]?.message ?? '', /IBEX_CONFIG must name a readable file/);
  });
});
