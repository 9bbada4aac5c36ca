import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { commonSettings, type Environment, readSettings } from '@ibex/service';
import { type MemoryDestination, type MemoryExporter, startTestTelemetry } from '@ibex/telemetry/testing';
import { z } from 'zod';
import { type ConsoleSettings, consoleSettings } from '../config.ts';
import { openConnections } from '../connections.ts';
import { createConsoleServer } from '../server.ts';
import { TestAuth } from './test-auth.ts';
import { queryToken, TestCollector } from './test-collector.ts';

/** A token of an administrator, a code of the one-time link: known to every test console. */
export const adminToken = 'admin-token-of-the-test';
export const loginCode = 'login-code-of-the-test';

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is a text. */
  readonly body?: unknown;
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON. */
  json<Body>(): Body;
}

export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly requestId: string };
}

/** A console listening on a real port, between an auth and a collector on real ports. */
export interface TestConsole extends AsyncDisposable {
  readonly auth: TestAuth;
  readonly collector: TestCollector;
  readonly port: number;
  /** Every route the server has, as `METHOD /path`. */
  readonly routes: readonly string[];
  /** The console's idea of the present. */
  readonly clock: { nowUnixMs: number };
  readonly directory: string;
  readonly destination: MemoryDestination;
  readonly exporter: MemoryExporter;
  /** Sends exactly that path: nothing is normalised on the way. */
  send(path: string, sent?: Sent): Promise<Received>;
  /** Logs in and returns the headers of a logged-in browser. */
  login(token?: string): Promise<{ cookie: string; 'x-ibex-csrf': string }>;
}

/** Starts a console for one test; leaving the test's scope stops everything. */
export async function startConsole(environment: Environment = {}): Promise<TestConsole> {
  await using started = new AsyncDisposableStack();
  const auth = started.adopt(new TestAuth(), (server) => server.stop());
  const collector = started.adopt(new TestCollector(), (server) => server.stop());
  auth.allow(adminToken);
  await Promise.all([auth.start(), collector.start()]);
  const directory = await mkdtemp(join(tmpdir(), 'ibex-console-'));
  started.defer(() => rm(directory, { recursive: true, force: true }));
  await writeFiles(directory);
  const settings = readTestSettings({ auth, collector, directory, environment });
  const clock = { nowUnixMs: Date.now() };
  const { telemetry, destination, exporter } = startTestTelemetry('console');
  started.defer(() => telemetry.stop());
  const connections = started.adopt(openConnections(settings, { telemetry, environment: {} }), (open) =>
    open.close(),
  );
  const webDirectory = join(directory, 'dist');
  const now = () => clock.nowUnixMs;
  const app = createConsoleServer({ settings, telemetry, connections, webDirectory, now });
  started.defer(() => app.close());
  const routes: string[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) routes.push(`${each} ${url}`);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const send = (path: string, sent: Sent = {}) => sendTo(port, { path, ...sent });
  const running = started.move();
  const login = (token = adminToken) => logIn(send, token);
  const stop = () => running.disposeAsync();
  return {
    ...{ auth, collector, port, routes, clock, directory, destination, exporter, send, login },
    [Symbol.asyncDispose]: stop,
  };
}

function readTestSettings(options: {
  auth: TestAuth;
  collector: TestCollector;
  directory: string;
  environment: Environment;
}): ConsoleSettings {
  const { auth, collector, directory, environment } = options;
  return readSettings(z.object({ ...commonSettings, ...consoleSettings }), {
    IBEX_AUTH_GRPC_ADDRESS: auth.address,
    IBEX_COLLECTOR_QUERY_URL: collector.url,
    IBEX_COLLECTOR_QUERY_TOKEN: queryToken,
    IBEX_CONSOLE_SERVICES: `collector=${collector.url}`,
    IBEX_CONSOLE_LOGIN_CODE: loginCode,
    IBEX_CREDENTIALS_FILE: join(directory, 'credentials.json'),
    ...environment,
  });
}

async function logIn(send: TestConsole['send'], token: string) {
  const answer = await send('/api/session', { method: 'POST', body: { token } });
  const cookie = answer.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
  return { cookie, 'x-ibex-csrf': answer.json<{ csrfToken: string }>().csrfToken };
}

async function writeFiles(directory: string): Promise<void> {
  await mkdir(join(directory, 'dist/assets'), { recursive: true });
  await writeFile(join(directory, 'dist/index.html'), '<!doctype html><title>Ibex</title>');
  await writeFile(join(directory, 'dist/favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(directory, 'dist/.hidden.txt'), 'not for the browser');
  await writeFile(join(directory, 'dist/assets/index-abc123.js'), 'export {};');
  await writeFile(join(directory, 'outside.txt'), 'not for the browser');
  const credentials = { api_key: 'unused', admin_token: adminToken };
  await writeFile(join(directory, 'credentials.json'), JSON.stringify(credentials));
}

async function sendTo(port: number, { path, method = 'GET', headers = {}, body }: Sent & { path: string }) {
  const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const type = payload === undefined ? {} : { 'content-type': 'application/json' };
  const { promise, resolve, reject } = Promise.withResolvers<Received>();
  const sent = httpRequest(
    { port, host: '127.0.0.1', method, path, headers: { ...type, ...headers } },
    (answer) => {
      text(answer).then((received) => {
        const json = <Body>() => JSON.parse(received) as Body;
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: received, json });
      }, reject);
    },
  );
  sent.on('error', reject);
  sent.end(payload);
  return await promise;
}
