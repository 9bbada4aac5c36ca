import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Certificates, createCertificates } from '../testing/certificates.ts';
import { startOtlpGrpcSink } from '../testing/otlp-grpc-sink.ts';
import { decodeTraces } from '../testing/otlp-schema.ts';

const program = fileURLToPath(new URL('../testing/exiting-program.ts', import.meta.url));
/** What one attempt may take by default: an exit that waited for it would have broken its bound. */
const attemptMs = 10_000;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lines: readonly Record<string, unknown>[];
  readonly errors: string;
  /** From the signal, or the last line, to the end. */
  readonly waitedMs: number;
}

async function runProgram(
  environment: Readonly<Record<string, string>>,
  act: (child: ChildProcess) => unknown = () => {},
): Promise<Ended> {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [program], {
    env: { PATH, OTEL_SAMPLE_RATIO: '1', EXIT_BOUND_MS: '300', ...environment },
  });
  let output = '';
  let errors = '';
  let readyAt = 0;
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  child.stdout.on('data', async (chunk) => {
    output += String(chunk);
    if (readyAt > 0 || !output.includes('"ready"')) return;
    readyAt = performance.now();
    await act(child);
  });
  const [code, signal] = await once(child, 'close');
  const waitedMs = performance.now() - readyAt;
  const lines = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { code, signal, lines, errors, waitedMs };
}

async function listen(context: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

function otlp(protocol: 'grpc' | 'http/protobuf', endpoint: string): Record<string, string> {
  return { OTEL_EXPORTER_OTLP_PROTOCOL: protocol, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
}

/** What was said of lost spans. */
function losses({ lines }: Ended): unknown[] {
  return lines.filter(({ msg }) => msg === 'spans dropped').map(({ count, reason }) => [count, reason]);
}

describe('a collector that is not there never delays the exit past its bound', () => {
  let certificates: Certificates;
  before(() => {
    certificates = createCertificates();
  });
  after(() => certificates.remove());

  const collectors: Readonly<Record<string, (context: TestContext) => Promise<number>>> = {
    'accepts and never answers': (context) =>
      listen(
        context,
        createServer((socket) => {
          context.after(() => socket.destroy());
          socket.on('error', () => {});
        }),
      ),
    'refuses connections': async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      await new Promise((resolve) => server.close(resolve));
      return port;
    },
    'shows a certificate nobody knows': (context) => {
      const files = { key: certificates.keyFile, cert: certificates.certificateFile };
      const server = createHttpsServer({ key: readFileSync(files.key), cert: readFileSync(files.cert) });
      return listen(context, server);
    },
  };
  for (const [title, start] of Object.entries(collectors)) {
    for (const protocol of ['grpc', 'http/protobuf'] as const) {
      test(`${protocol}: it ${title}`, async (context) => {
        const origin = title.includes('certificate') ? 'https://localhost' : 'http://127.0.0.1';
        const ended = await runProgram(otlp(protocol, `${origin}:${await start(context)}`));
        assert.deepEqual([ended.code, ended.signal, ended.errors], [0, null, '']);
        assert.deepEqual(losses(ended), [[1, 'stopping: no time left']]);
        assert.ok(ended.waitedMs < attemptMs, `${ended.waitedMs} ms`);
      });
    }
  }
});

describe('what waits is delivered first', () => {
  test('also when the collector is slow, over gRPC', async (context) => {
    const sink = await startOtlpGrpcSink({ answerAfterMs: 400 });
    context.after(() => sink.stop());
    const ended = await runProgram({ ...otlp('grpc', `http://${sink.address}`), EXIT_BOUND_MS: '20000' });
    assert.deepEqual([ended.code, losses(ended)], [0, []]);
    assert.deepEqual(
      sink.received[0]?.traces.spans.map(({ name }) => name),
      ['last words'],
    );
  });

  test('also when the collector is slow, over HTTP', async (context) => {
    const received: string[] = [];
    const server = createHttpServer(async (request, response) => {
      const { spans } = decodeTraces(Buffer.concat(await request.toArray()));
      await delay(400);
      received.push(...spans.map(({ name }) => name));
      response.end();
    });
    const endpoint = `http://127.0.0.1:${await listen(context, server)}`;
    const ended = await runProgram({ ...otlp('http/protobuf', endpoint), EXIT_BOUND_MS: '20000' });
    assert.deepEqual([ended.code, losses(ended), received], [0, [], ['last words']]);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`${signal} ends the process as ${signal}`, async (context) => {
      const sink = await startOtlpGrpcSink();
      context.after(() => sink.stop());
      const environment = {
        ...otlp('grpc', `http://${sink.address}`),
        EXIT_BY: 'signal',
        EXIT_BOUND_MS: '20000',
      };
      const ended = await runProgram(environment, (child) => child.kill(signal));
      assert.deepEqual([ended.code, ended.signal, losses(ended)], [null, signal, []]);
      assert.equal(sink.received[0]?.traces.spans.length, 1);
    });
  }

  test('an error that nobody caught is logged, still shows its stack, and still exits with 1', async (context) => {
    const sink = await startOtlpGrpcSink();
    context.after(() => sink.stop());
    const environment = {
      ...otlp('grpc', `http://${sink.address}`),
      EXIT_BY: 'error',
      EXIT_BOUND_MS: '20000',
    };
    const ended = await runProgram(environment);
    assert.deepEqual([ended.code, ended.signal], [1, null]);
    assert.match(ended.errors, /RangeError: nobody caught this\n\s+at /);
    const last = ended.lines.at(-1);
    assert.equal(last?.msg, 'crashed');
    assert.match(JSON.stringify(last), /"message":"nobody caught this"/);
    assert.equal(sink.received[0]?.traces.spans.length, 1);
  });
});

describe('a signal', () => {
  const blackHole = (context: TestContext) =>
    listen(
      context,
      createServer((socket) => {
        context.after(() => socket.destroy());
        socket.on('error', () => {});
      }),
    );

  test('that comes again does not wait for the bound', async (context) => {
    const environment = {
      ...otlp('grpc', `http://127.0.0.1:${await blackHole(context)}`),
      EXIT_BY: 'signal',
      EXIT_BOUND_MS: '600000',
    };
    const ended = await runProgram(environment, async (child) => {
      child.kill('SIGTERM');
      await delay(200);
      child.kill('SIGTERM');
    });
    assert.deepEqual([ended.code, ended.signal], [null, 'SIGTERM']);
  });

  test('that the program handles is left to it', async (context) => {
    const environment = {
      ...otlp('grpc', `http://127.0.0.1:${await blackHole(context)}`),
      EXIT_BY: 'own handler',
    };
    const ended = await runProgram(environment, (child) => child.kill('SIGTERM'));
    assert.deepEqual([ended.code, ended.signal], [7, null]);
    assert.deepEqual(losses(ended), [[1, 'stopping: no time left']]);
  });
});
