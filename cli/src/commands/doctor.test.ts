import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createCertificates } from '../../../packages/telemetry/src/testing/certificates.ts';
import { emptyPlace, runDoctorProcess, type Said, startService } from '../doctor/testing/processes.ts';

const queryToken = 'a-token-of-the-query-api';

function named({ findings }: Said, name: string): string {
  const finding = findings.find((candidate) => candidate.name === name);
  assert.ok(finding, `${name} in ${JSON.stringify(findings, undefined, 1)}`);
  assert.equal(finding.advice === undefined, finding.status === 'ok' || finding.status === 'skipped');
  return `${finding.status}: ${finding.message}${finding.advice === undefined ? '' : ` → ${finding.advice}`}`;
}

async function listen(context: TestContext, handler: RequestListener): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function overHttp(address: string): NodeJS.ProcessEnv {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: `http://${address}`, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' };
}

test('where nothing runs, it says so and what to start', async (context) => {
  const { directory, environment } = await emptyPlace(context);
  const said = await runDoctorProcess(directory, environment);
  assert.equal(said.status, 1);
  const port = environment.IBEX_COLLECTOR_OTLP_GRPC_PORT;
  assert.equal(
    named(said, 'TCP'),
    `problem: no collector at 127.0.0.1:${port}: connection refused → Start one with \`npm start\`, or set OTEL_EXPORTER_OTLP_ENDPOINT to one that runs.`,
  );
  assert.match(named(said, 'services'), /^skipped: none runs on this machine .*npm start/);
  assert.match(named(said, 'settings'), /^ok: accepted by collector, auth, proxy, console/);
  assert.match(named(said, 'Node'), /^ok: v\d/);
  assert.match(named(said, 'data directory'), /^ok: .*\.ibex, not made yet, .* free$/);
});

test('a collector that runs is tried with a span, a metric and a line, and asked for them', async (context) => {
  const place = await emptyPlace(context);
  const environment: NodeJS.ProcessEnv = { ...place.environment, IBEX_COLLECTOR_QUERY_TOKEN: queryToken };
  await startService(context, 'collector', { ...environment, IBEX_DATA_DIR: join(place.directory, 'data') });
  const said = await runDoctorProcess(place.directory, environment);
  for (const record of ['test span', 'test metric', 'test log line']) {
    assert.match(named(said, record), /^ok: accepted, and found at http:\/\/127\.0\.0\.1:\d+$/);
  }
  assert.match(named(said, 'clock'), /^ok: agrees/);
  assert.match(named(said, 'collector'), /^ok: ready at/);
  assert.match(named(said, 'proxy'), /^problem: not running at .*: connection refused → .*npm start/);
  assert.match(named(said, 'collector: dropped'), /^ok: nothing/);
  assert.doesNotMatch(said.output, new RegExp(queryToken));

  const otherPort = { OTEL_EXPORTER_OTLP_ENDPOINT: `127.0.0.1:${environment.IBEX_COLLECTOR_OTLP_HTTP_PORT}` };
  const wrongProtocol = await runDoctorProcess(place.directory, { ...environment, ...otherPort });
  assert.match(
    named(wrongProtocol, 'protocol'),
    /^problem: .* → Set OTEL_EXPORTER_OTLP_PROTOCOL=http\/protobuf/,
  );
  const wrongToken = await runDoctorProcess(place.directory, {
    ...environment,
    IBEX_COLLECTOR_QUERY_TOKEN: 'another-token-altogether',
  });
  assert.match(
    named(wrongToken, 'test span'),
    /^problem: accepted, but not found .*HTTP 401 → Set IBEX_COLLECTOR_QUERY_TOKEN/,
  );
  const onlyLooks = await runDoctorProcess(place.directory, environment, ['--json', '--no-send']);
  assert.match(named(onlyLooks, 'test records'), /^skipped: not sent/);
});

test('of a collector of others it says what could be confirmed', async (context) => {
  const { directory, environment } = await emptyPlace(context);
  const received: string[] = [];
  const address = await listen(context, (request, response) => {
    received.push(`${request.url} ${request.headers['content-type']} ${request.headers.authorization}`);
    response.end();
  });
  const secret = 'Bearer of-a-secret-nobody-may-see';
  const said = await runDoctorProcess(directory, {
    ...environment,
    ...overHttp(address),
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=${encodeURIComponent(secret)}`,
  });
  assert.equal(said.result, 'ok');
  assert.equal(said.status, 0);
  assert.deepEqual(
    received.toSorted(),
    ['logs', 'metrics', 'traces'].map((signal) => `/v1/${signal} application/x-protobuf ${secret}`),
  );
  assert.match(named(said, 'test span'), /^ok: accepted; whether it is stored only/);
  assert.doesNotMatch(said.output, /nobody-may-see/);
});

test('a collector that asks for credentials is told from one that is away', async (context) => {
  const { directory, environment } = await emptyPlace(context);
  const address = await listen(context, (_request, response) => response.writeHead(401).end());
  const said = await runDoctorProcess(directory, { ...environment, ...overHttp(address) });
  assert.match(named(said, 'TCP'), /^ok/);
  assert.match(named(said, 'authentication'), /^problem: .*HTTP 401 → Set OTEL_EXPORTER_OTLP_HEADERS/);
});

test('a record that is rejected in a partial success is no success', async (context) => {
  const { directory, environment } = await emptyPlace(context);
  const answer = Buffer.from([0x0a, 6, 0x08, 1, 0x12, 2, 0x6e, 0x6f]);
  const address = await listen(context, (_request, response) => response.end(answer));
  const said = await runDoctorProcess(directory, { ...environment, ...overHttp(address) });
  assert.match(named(said, 'test log line'), /^problem: not taken: no →/);
});

test('a clock that is off is told with the direction', async (context) => {
  const { directory, environment } = await emptyPlace(context);
  const address = await listen(context, (_request, response) => {
    response.setHeader('date', new Date(Date.now() - 90_000).toUTCString()).end();
  });
  const said = await runDoctorProcess(directory, { ...environment, ...overHttp(address) });
  assert.match(named(said, 'clock'), /^warning: the collector's is (89|90|91) s behind .* → .*time server/);
});

test('names, TLS and certificates are told apart', async (context) => {
  const { directory, environment } = await emptyPlace(context);
  const certificates = createCertificates();
  context.after(() => certificates.remove());
  const { certificateFile, keyFile } = certificates;
  const options = { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
  const secure = createSecureServer(options, (_request, response) => response.end()).listen(0, '127.0.0.1');
  await once(secure, 'listening');
  context.after(() => secure.close());
  const { port } = secure.address() as AddressInfo;
  const plain = await listen(context, (_request, response) => response.end());
  const ask = (endpoint: string, more: NodeJS.ProcessEnv = {}) =>
    runDoctorProcess(directory, {
      ...environment,
      ...overHttp(''),
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      ...more,
    });

  const unknown = await ask('http://no-such-host.invalid:4318');
  assert.match(
    named(unknown, 'DNS'),
    /^problem: no-such-host\.invalid: .* → Correct the host in OTEL_EXPORTER/,
  );
  const stranger = await ask(`https://127.0.0.1:${port}`);
  assert.match(named(stranger, 'TLS'), /^problem: .* → Set OTEL_EXPORTER_OTLP_CERTIFICATE/);
  const noTls = await ask(`https://${plain}`);
  assert.match(named(noTls, 'TLS'), /^problem: the other side speaks no TLS → .*http:\/\//);
  const known = await ask(`https://127.0.0.1:${port}`, { OTEL_EXPORTER_OTLP_CERTIFICATE: certificateFile });
  assert.match(named(known, 'TLS'), /^warning: TLSv1\.3, certificate of localhost, .* → Renew/);
  assert.match(named(known, 'test span'), /^ok: accepted/);
});

test('settings are judged by those who read them, and misspelt ones found', async (context) => {
  const { directory, environment } = await emptyPlace(context);
  writeFileSync(join(directory, 'config.yaml'), 'observability: { tracing: { sampler: { rate: 7 } } }\n');
  mkdirSync(join(directory, 'node_modules/@opentelemetry/api'), { recursive: true });
  writeFileSync(join(directory, 'node_modules/@opentelemetry/api/package.json'), '{"version":"1.9.1"}');
  const said = await runDoctorProcess(directory, {
    ...environment,
    OTEL_SAMPLE_RATOI: '1',
    IBEX_AUTH_CACHE_TTL_MS: 'soon',
    IBEX_COLLECTOR_QUERY_TOKEN: 'too-short-97531',
    DATABASE_URL: 'postgres://me:a-password-of-mine@127.0.0.1:1/ibex',
  });
  assert.equal(said.status, 1);
  assert.match(named(said, 'OTEL_SAMPLE_RATOI'), /^warning: .* → Did you mean OTEL_SAMPLE_RATIO\?$/);
  assert.match(named(said, 'IBEX_AUTH_CACHE_TTL_MS'), /^problem: .*must be a number: it is "soon"/);
  assert.match(named(said, 'IBEX_COLLECTOR_QUERY_TOKEN'), /^problem: .*at least 16 characters/);
  assert.match(named(said, 'observability.tracing.sampler.rate'), /^problem: .*between 0 and 1: it is 7/);
  assert.match(named(said, 'Postgres'), /^problem: 127\.0\.0\.1:1: connection refused → .*DATABASE_URL/);
  assert.match(named(said, '@opentelemetry/api'), /^ok: 1\.9\.1$/);
  assert.doesNotMatch(said.output, /97531|a-password-of-mine/);
});

test('the table is aligned, and its last line counts', async (context) => {
  const { directory, environment } = await emptyPlace(context);
  const { status, output } = await runDoctorProcess(directory, environment, []);
  assert.equal(status, 1);
  assert.match(output, /\n {2}problem {2}TCP {2,}no collector at [\s\S]*\n {11}what to do {2,}Start one/);
  assert.match(output, /\n1 problem, found in \d+\.\d s\.\n$/);
  for (const line of output.split('\n')) assert.ok(line.length <= 80, line);
});

test('time for everything is bounded', async (context) => {
  const { directory, environment } = await emptyPlace(context);
  const address = await listen(context, () => undefined);
  const said = await runDoctorProcess(directory, { ...environment, ...overHttp(address) }, [
    '--json',
    '--timeout',
    '1',
  ]);
  assert.equal(said.status, 1);
  assert.match(said.output, /not done in time|no answer in time/);
});
