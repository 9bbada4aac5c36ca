import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../support/free-ports.ts';
import { type Answer, checkAnswer } from './answer.ts';
import { answersIn, openRaw, type RequestOptions, send } from './client.ts';
import type { Exposition } from './exposition.ts';
import { assertNothingLeft, calmFootprint, scrape } from './footprint.ts';
import { type Link, startLink } from './link.ts';
import { type Service, startService } from './service.ts';
import { startUpstream, type Upstream } from './upstream.ts';

/** Values that must be in no answer and in no log line. */
const providerKey = 'acme-secret-key-1234567890';
const urlPassword = 'a-password-in-a-url';
const hashKey = 'a key that only tests ever use, of 40 chars';

const repetitions = 5;

export interface GatewayOptions {
  /** Of the proxy. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of auth. */
  readonly authEnvironment?: Readonly<Record<string, string>>;
  /** Further sections of `config.yaml`. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** What else must never be seen. */
  readonly secrets?: readonly string[];
}

/** Proxy and auth as processes, a provider in this one, and everything a client was ever answered held to the rules. */
export interface Gateway {
  readonly url: string;
  readonly proxy: Service;
  readonly auth: Service;
  /** Between proxy and auth. */
  readonly authLink: Link;
  readonly upstream: Upstream;
  readonly apiKey: string;
  readonly adminToken: string;
  /** Any request; `checkAnswer` holds for what comes back. */
  send(path: string, options?: RequestOptions): Promise<Answer>;
  /** A chat, with the API key unless another token is given. */
  chat(body?: object, options?: Omit<RequestOptions, 'body'> & { token?: string }): Promise<Answer>;
  /** Sends bytes as they are, and gives the answers once the gateway has closed the connection. */
  sendRaw(bytes: string): Promise<readonly Answer[]>;
  /** A new token of the first organisation, which the proxy has not seen yet. */
  issueToken(): Promise<string>;
  metrics(): Promise<Exposition>;
  /** Starts another proxy with the same settings but for these; `stop` stops it as well. */
  startSibling(environment: Readonly<Record<string, string>>): Promise<Service>;
  /**
   * Makes a fault happen five times at once, so that what stays for good is there, then five times more, and asserts that
   * nothing is left of these: no call, no connection, no open file, no new series.
   */
  leavesNothing(fault: () => Promise<unknown>): Promise<void>;
  /** Stops everything in order; the log must hold no secret and no crash. */
  stop(): Promise<void>;
}

function configOf({ origin }: Upstream, deadPort: number, more: Readonly<Record<string, unknown>>) {
  const provider = { type: 'openai', api_key: providerKey };
  const at = (address: string) => `http://${address}/v1`;
  return {
    providers: [
      { ...provider, name: 'acme', base_url: at(origin), models: ['acme-large'] },
      { ...provider, name: 'dead', base_url: at(`127.0.0.1:${deadPort}`), models: ['dead'] },
    ],
    ...more,
  };
}

async function startAuth(directory: string, environment: Readonly<Record<string, string>>) {
  const [httpPort = 0, grpcPort = 0] = await freePorts(2);
  const credentialsFile = join(directory, 'credentials.json');
  const auth = await startService('auth', {
    IBEX_AUTH_HTTP_PORT: String(httpPort),
    IBEX_AUTH_GRPC_PORT: String(grpcPort),
    IBEX_AUTH_TOKEN_HASH_KEY: hashKey,
    IBEX_DATA_DIR: directory,
    IBEX_CREDENTIALS_FILE: credentialsFile,
    ...environment,
  });
  const credentials = JSON.parse(readFileSync(credentialsFile, 'utf8')) as Record<string, string>;
  return { auth, apiKey: credentials.api_key ?? '', adminToken: credentials.admin_token ?? '' };
}

/** Starts everything; the time-outs are short, so that what hangs is noticed soon. */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-faults-'));
  const upstream = await startUpstream();
  const [deadPort = 0] = await freePorts(1);
  const config = join(directory, 'config.yaml');
  // JSON is YAML.
  writeFileSync(config, JSON.stringify(configOf(upstream, deadPort, options.config ?? {})));
  const { auth, apiKey, adminToken } = await startAuth(directory, options.authEnvironment ?? {});
  const authLink = await startLink(auth.address('grpc'));
  const settings = {
    IBEX_PROXY_PORT: '0',
    IBEX_AUTH_GRPC_ADDRESS: authLink.address,
    IBEX_CONFIG: config,
    IBEX_PROXY_AUTH_TIMEOUT_MS: '1000',
    IBEX_PROXY_UPSTREAM_HEADERS_TIMEOUT_MS: '1000',
    IBEX_PROXY_UPSTREAM_IDLE_TIMEOUT_MS: '1500',
    IBEX_PROXY_UPSTREAM_TOTAL_TIMEOUT_MS: '6000',
    IBEX_PROXY_REQUESTS_PER_MINUTE: '1000000',
    ...options.environment,
  };
  const proxy = await startService('proxy', settings);
  const proxies = [proxy];
  const startSibling = async (environment: Readonly<Record<string, string>>) => {
    const sibling = await startService('proxy', { ...settings, ...environment });
    proxies.push(sibling);
    return sibling;
  };
  const secrets = [providerKey, urlPassword, hashKey, apiKey, adminToken, ...(options.secrets ?? [])];
  const stop = async () => {
    const codes = await Promise.all(proxies.map((each) => each.stop()));
    await auth.stop();
    await authLink.close();
    await upstream.close();
    rmSync(directory, { recursive: true, force: true });
    const output = [...proxies, auth].flatMap((service) => service.output).join('\n');
    for (const secret of secrets) assert.ok(!output.includes(secret), 'a secret is in the log');
    for (const [index, code] of codes.entries()) {
      assert.equal(code, 0, proxies[index]?.output.slice(-5).join('\n'));
    }
  };
  const services = { proxy, auth, authLink, upstream, startSibling, stop };
  const parts = { url: proxy.address('http'), ...services, apiKey, adminToken };
  return { ...parts, ...clientOf({ ...parts, secrets }) };
}

type Asking = Pick<Gateway, 'url' | 'proxy' | 'auth' | 'apiKey' | 'adminToken'> & { secrets: string[] };

function clientOf(parts: Asking) {
  const { url, proxy, auth, apiKey, adminToken, secrets } = parts;
  const watched = { pid: proxy.pid, url };
  const checked = (answer: Answer): Answer => {
    checkAnswer(answer, secrets);
    return answer;
  };
  const sendChecked: Gateway['send'] = async (path, request) => checked(await send(`${url}${path}`, request));
  return {
    send: sendChecked,
    chat: (
      body: object = {},
      { token = apiKey, headers = {}, ...options }: Parameters<Gateway['chat']>[1] = {},
    ) =>
      sendChecked('/v1/chat/completions', {
        method: 'POST',
        ...options,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
        body: JSON.stringify({ model: 'acme-large', messages: [{ role: 'user', content: 'hi' }], ...body }),
      }),
    sendRaw: async (bytes: string) => {
      const client = await openRaw(url);
      client.socket.write(bytes, 'latin1');
      return answersIn(await client.closed).map(checked);
    },
    issueToken: async () => {
      const response = await fetch(`${auth.address('http')}/v1/tokens`, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'one more', role: 'member' }),
      });
      const issued = (await response.json()) as { token?: string };
      assert.ok(issued.token !== undefined, JSON.stringify(issued));
      secrets.push(issued.token);
      return issued.token;
    },
    metrics: () => scrape(url),
    leavesNothing: async (fault: () => Promise<unknown>) => {
      // The routes that are asked whether all is well have series of their own.
      for (const path of ['/readyz', '/healthz']) await sendChecked(path);
      const repeat = () => Promise.all(Array.from({ length: repetitions }, fault));
      await repeat();
      const before = await calmFootprint(watched);
      await repeat();
      await assertNothingLeft(watched, before);
    },
  };
}
