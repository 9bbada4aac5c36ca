import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Finding } from '../model.ts';
import { rules } from '../rules.ts';
import { runSourceGate } from './run-source-gate.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const directories: string[] = [];
after(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

type Files = Readonly<Record<string, string>>;
const main = "import { runService } from '@ibex/service';\nawait runService({});\n";

/** Runs the gate over a tree of these files. */
async function gate(files: Files, config?: object): Promise<readonly Finding[]> {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-source-'));
  directories.push(directory);
  const all = config === undefined ? files : { ...files, 'ibex-gate.json': JSON.stringify(config) };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  const report = await runSourceGate({ directory, configFile: undefined, from: directory });
  return report.inspections.flatMap(({ findings }) => findings);
}

test('our own tree holds', async () => {
  const report = await runSourceGate({ directory: '.', configFile: undefined, from: root });
  const [inspection] = report.inspections;
  assert.deepEqual(inspection?.findings, []);
  assert.match(inspection.checked, /^\d{3,} files, 4 binaries$/);
});

const good: Readonly<Record<string, Files>> = {
  'a binary that starts telemetry in a module it imports': {
    'src/main.ts': "import './start.js';\n",
    'src/start.ts':
      "import { startTelemetry } from '@ibex/telemetry';\nexport const telemetry = startTelemetry({});\n",
  },
  'a server made by createHttpServer': {
    'src/main.ts': main,
    'src/server.ts':
      "import { createHttpServer } from '@ibex/service';\nexport const app = createHttpServer({});\n",
  },
  'a Fastify server with telemetry first': {
    'src/server.ts':
      "import fastify from 'fastify';\nimport { httpTelemetry } from '@ibex/telemetry/http';\nconst app = fastify();\napp.register(httpTelemetry, {});\napp.get('/', () => 1);\n",
  },
  'an Express server with telemetry first': {
    'src/server.ts':
      "import express from 'express';\nimport { expressTelemetry } from '@ibex/telemetry/http';\nconst app = express();\napp.use(expressTelemetry(telemetry));\napp.get('/', handler);\n",
  },
  'a Hono server with telemetry first': {
    'src/server.ts':
      "import { Hono } from 'hono';\nimport { honoTelemetry } from '@ibex/telemetry/http';\nconst app = new Hono();\napp.use(honoTelemetry(telemetry));\napp.get('/', handler);\n",
  },
  'a plain server whose listener is wrapped': {
    'src/server.ts':
      "import * as http from 'node:http';\nimport { observeHttp } from '@ibex/telemetry/http';\nhttp.createServer(observeHttp(telemetry, () => {}));\n",
  },
  'a plain server whose listener was wrapped before': {
    'src/server.ts':
      "import { createServer } from 'node:http';\nimport { observeHttp } from '@ibex/telemetry/http';\nconst listener = observeHttp(telemetry, () => {});\ncreateServer(listener);\n",
  },
  'a TCP server, which speaks no HTTP': {
    'src/server.ts': "import { createServer } from 'node:net';\ncreateServer();\n",
  },
  'a gRPC server with its interceptor': {
    'src/server.ts':
      "import { Server } from '@grpc/grpc-js';\nimport { serverInterceptor } from '@ibex/telemetry/grpc';\nnew Server({ interceptors: [serverInterceptor(telemetry)] });\n",
  },
  'a consumer that opens a span': {
    'src/consumer.ts':
      "import { connect } from 'nats';\nfor await (const message of (await connect()).subscribe('a')) {\n  await tracer.withSpan('process a', { kind: 'consumer' }, () => handle(message));\n}\n",
  },
  'a publisher': {
    'src/publisher.ts': "import { connect } from 'nats';\n(await connect()).publish('a');\n",
  },
  'an answer with a sanitised message': {
    'src/answer.ts':
      'export function answer(reply, error) {\n  reply.send({ message: sanitiser.redactText(error.message) });\n}\n',
  },
  'a variable called console': { 'src/a.ts': 'const console = openConsole();\nconsole.log();\n' },
  'tests, which may do as they like': {
    'src/a.test.ts': "import prom from 'prom-client';\nconsole.log(prom);\n",
  },
};
for (const [name, files] of Object.entries(good)) {
  test(`lets pass ${name}`, async () => {
    assert.deepEqual(await gate(files), []);
  });
}

interface Bad {
  readonly rule: string;
  readonly at: string;
  readonly files: Files;
  readonly config?: object;
}
const bad: readonly Bad[] = [
  {
    rule: 'binary-starts-telemetry',
    at: 'src/main.ts:1',
    files: { 'src/main.ts': "import './other.ts';\n", 'src/other.ts': '' },
  },
  {
    rule: 'http-server-wrapped',
    at: 'src/server.ts:2',
    files: {
      'src/server.ts': "import fastify from 'fastify';\nconst app = fastify();\napp.get('/', () => 1);\n",
    },
  },
  {
    rule: 'http-server-wrapped',
    at: 'src/server.ts:3',
    files: {
      'src/server.ts':
        "import fastify from 'fastify';\nimport { httpTelemetry } from '@ibex/telemetry/http';\nconst app = fastify();\napp.addHook('onRequest', () => {});\napp.register(httpTelemetry);\n",
    },
  },
  {
    rule: 'http-server-wrapped',
    at: 'src/server.js:2',
    files: {
      'src/server.js': "import http from 'http';\nnew http.Server((request, response) => response.end());\n",
    },
  },
  {
    rule: 'http-server-wrapped',
    at: 'src/server.ts:2',
    files: {
      'src/server.ts': "import express from 'express';\nconst app = express();\napp.use(express.json());\n",
    },
  },
  {
    rule: 'grpc-server-intercepted',
    at: 'src/server.ts:2',
    files: { 'src/server.ts': "import * as grpc from '@grpc/grpc-js';\nconst server = new grpc.Server();\n" },
  },
  {
    rule: 'consumer-span',
    at: 'src/consumer.ts:3',
    files: {
      'src/consumer.ts':
        "import { connect } from '@nats-io/transport-node';\nconst connection = await connect();\nfor await (const message of connection.subscribe('a')) handle(message);\n",
    },
  },
  {
    rule: 'consumer-span',
    at: 'src/consumer.ts:2',
    files: { 'src/consumer.ts': "import { Worker } from 'bullmq';\nnew Worker('queue', handle);\n" },
  },
  {
    rule: 'metrics-confined',
    at: 'src/a.ts:1',
    files: { 'src/a.ts': "import { Counter } from 'prom-client';\nnew Counter({});\n" },
  },
  {
    rule: 'metrics-confined',
    at: 'src/a.ts:1',
    files: {
      'src/a.ts': "import { MetricRegistry } from '@ibex/telemetry/metrics';\nnew MetricRegistry({});\n",
    },
  },
  {
    rule: 'metrics-confined',
    at: 'src/a.ts:1',
    files: { 'src/a.ts': "const prom = await import('@prometheus-io/client');\n" },
  },
  {
    rule: 'tracing-confined',
    at: 'src/a.ts:1',
    files: { 'src/a.ts': "export { NodeSDK } from '@opentelemetry/sdk-node';\n" },
  },
  { rule: 'logging-confined', at: 'src/a.ts:1', files: { 'src/a.ts': "import pino from 'pino';\n" } },
  { rule: 'output-sanitised', at: 'src/a.ts:2', files: { 'src/a.ts': '\nconsole.log(1);\n' } },
  { rule: 'output-sanitised', at: 'src/a.tsx:1', files: { 'src/a.tsx': 'process.stdout.write(<p />);\n' } },
  {
    rule: 'errors-sanitised',
    at: 'src/a.ts:2',
    files: {
      'src/a.ts': 'function answer(reply, error) {\n  reply.code(500).send({ message: error.message });\n}\n',
    },
  },
  {
    rule: 'errors-sanitised',
    at: 'src/a.ts:1',
    files: { 'src/a.ts': 'response.end(String(error));\n' },
  },
  { rule: 'errors-sanitised', at: 'src/a.ts:1', files: { 'src/a.ts': 'const text = failure.stack;\n' } },
  {
    rule: 'endpoint-wired',
    at: 'src/main.ts:2',
    files: {
      'src/main.ts':
        "import { startTelemetry } from '@ibex/telemetry';\nstartTelemetry({ environment: { OTEL_SERVICE_NAME: 'a' } });\n",
    },
  },
  {
    rule: 'endpoint-wired',
    at: 'compose.yaml:2',
    files: {
      'compose.yaml':
        'services:\n  shop:\n    environment:\n      IBEX_HOST: 0.0.0.0\n  db:\n    image: postgres\n',
    },
    config: { wiring: ['compose.yaml'] },
  },
  {
    rule: 'endpoint-wired',
    at: 'k8s/shop.yaml:6',
    files: {
      'k8s/shop.yaml':
        'kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: shop\n          env: [{ name: OTEL_SERVICE_NAME, value: shop }]\n',
    },
    config: { wiring: ['k8s/*.yaml'] },
  },
  {
    rule: 'endpoint-wired',
    at: 'launch.ts:1',
    files: { 'launch.ts': 'spawn(service);\n' },
    config: { wiring: ['launch.ts'] },
  },
  {
    rule: 'exception-used',
    at: 'ibex-gate.json',
    files: { 'src/a.ts': '' },
    config: { exceptions: [{ rule: 'output-sanitised', file: 'src/a.ts', reason: 'It once wrote.' }] },
  },
  { rule: 'parses', at: 'src/a.ts:1', files: { 'src/a.ts': 'const = ;\n' } },
];
for (const { rule, at, files, config } of bad) {
  test(`finds ${rule} at ${at}: ${Object.values(files).join(' ').replaceAll('\n', ' ').slice(0, 60)}`, async () => {
    const findings = await gate(files, config);
    assert.deepEqual(
      findings.map((finding) => `${finding.rule} ${finding.name}`),
      [`${rule} ${at}`],
    );
  });
}

test('every rule is shown by a case', () => {
  assert.deepEqual(new Set(bad.map(({ rule }) => rule)), new Set(Object.keys(rules.source)));
});

test('an exception with a reason lets one file pass, and no other', async () => {
  const files = { 'src/a.ts': 'console.log(1);\n', 'src/b.ts': 'console.log(2);\n' };
  const exceptions = [{ rule: 'output-sanitised', file: 'src/a.ts', reason: 'It is a tool.' }];
  const findings = await gate(files, { exceptions });
  assert.deepEqual(
    findings.map(({ name }) => name),
    ['src/b.ts:1'],
  );
});

test('what telemetry itself imports is its own affair', async () => {
  const files = { 'src/telemetry/a.ts': "import pino from 'pino';\n" };
  assert.deepEqual(await gate(files, { telemetry: ['src/telemetry/**'] }), []);
});

const badConfigs: readonly (readonly [object, RegExp])[] = [
  [{ binary: [] }, /has the fields binaries, sources, .*: "binary" is none\.$/],
  [{ sources: 'src' }, /sources must be a list of texts\.$/],
  [{ exceptions: [{ rule: 'x', file: 'y' }] }, /exceptions must be a list of \{ rule, file, reason \}/],
  [{ wiring: ['no-such-file.yaml'] }, /wiring names no-such-file\.yaml, and there is no such file\.$/],
];
for (const [config, message] of badConfigs) {
  test(`refuses the configuration ${JSON.stringify(config)}`, async () => {
    await assert.rejects(gate({ 'src/a.ts': '' }, config), { name: 'UserError', message });
  });
}
