import type { ProbeDefinition, Probes } from '../probe.ts';

const client = { authorization: 'Bearer {api_key}' } as const;
const admin = { authorization: 'Bearer {admin_token}' } as const;
const query = { authorization: 'Bearer {query_token}' } as const;
const browser = { cookie: '{session}', origin: '{origin}' } as const;
/** An id in an address, to show that no name or label takes it over. */
const strangeId = '6f9619ff-8b86-4d01-b42d-00c04fc964ff';

const operational: readonly ProbeDefinition[] = [
  { name: 'health', method: 'GET', path: '/healthz', route: '/healthz', status: 200, traced: false },
  { name: 'readiness', method: 'GET', path: '/readyz', route: '/readyz', status: 200, traced: false },
];

function get(
  name: string,
  path: string,
  rest: Partial<ProbeDefinition> & { readonly status: number },
): ProbeDefinition {
  return { name, method: 'GET', path, route: path.split('?')[0] ?? path, ...rest };
}

function unknownRoute(path: string): ProbeDefinition {
  return get('unknown-route', `${path}/${strangeId}`, { route: 'unmatched', status: 404 });
}

interface ChatProbe {
  readonly status: number;
  /** Default: the echo provider's. */
  readonly model?: string;
  readonly stream?: true;
}

function chat(name: string, content: string, rest: ChatProbe): ProbeDefinition {
  const { status, ...options } = rest;
  const route = '/v1/chat/completions';
  const body = { model: 'echo', messages: [{ role: 'user', content }], ...options };
  return { name, method: 'POST', path: route, route, headers: client, body, status };
}

const proxy: readonly ProbeDefinition[] = [
  ...operational,
  get('models', '/v1/models', { headers: client, status: 200 }),
  get('model', '/v1/models/echo', { route: '/v1/models/:model', headers: client, status: 200 }),
  get('unknown-model', `/v1/models/${strangeId}`, {
    route: '/v1/models/:model',
    headers: client,
    status: 404,
  }),
  get('no-token', '/v1/models', { status: 401 }),
  chat('completion', 'Hello from the gate', { status: 200 }),
  chat('stream', 'Hello from the gate', { status: 200, stream: true }),
  chat('upstream-completion', 'Hello from the gate', { status: 200, model: '{upstream_model}' }),
  chat('upstream-stream', 'Hello from the gate', { status: 200, model: '{upstream_model}', stream: true }),
  chat('upstream-fails', 'Now fail', { status: 502, model: '{upstream_model}' }),
  chat('provider-fails', '/fail 500 Hello', { status: 502 }),
  chat('provider-overloaded', '/fail 503 Hello', { status: 503 }),
  chat('provider-limits', '/fail 429 Hello', { status: 429 }),
  {
    name: 'bad-input',
    method: 'POST',
    path: '/v1/chat/completions',
    route: '/v1/chat/completions',
    headers: client,
    body: {},
    status: 400,
  },
  {
    name: 'wrong-method',
    method: 'DELETE',
    path: '/v1/models',
    route: '/v1/models',
    headers: client,
    status: 405,
  },
  get('usage', '/admin/usage', { headers: admin, status: 200 }),
  get('reconciliation', '/admin/usage/reconciliation', { headers: admin, status: 200 }),
  get('requests', '/admin/requests', { headers: admin, status: 200 }),
  get('usage-as-member', '/admin/usage', { headers: client, status: 403 }),
  {
    name: 'kill-unknown-request',
    method: 'DELETE',
    path: `/admin/requests/${strangeId}`,
    route: '/admin/requests/:requestId',
    headers: admin,
    status: 404,
  },
  unknownRoute('/v2/things'),
];

const auth: readonly ProbeDefinition[] = [
  ...operational,
  get('tokens', '/v1/tokens', { headers: admin, status: 200 }),
  get('agents', '/v1/agents', { headers: admin, status: 200 }),
  get('audit', '/v1/audit', { headers: admin, status: 200 }),
  get('no-token', '/v1/tokens', { status: 401 }),
  get('bad-page', '/v1/agents?limit=none', { headers: admin, status: 400 }),
  {
    name: 'create-agent',
    method: 'POST',
    path: '/v1/agents',
    route: '/v1/agents',
    headers: admin,
    body: { name: 'gate' },
    status: 201,
    mutates: true,
    remember: { name: 'agent_id', from: { field: 'id' } },
  },
  {
    name: 'disable-agent',
    method: 'DELETE',
    path: '/v1/agents/{agent_id}',
    route: '/v1/agents/:agentId',
    headers: admin,
    status: 204,
    mutates: true,
  },
  {
    name: 'revoke-unknown-token',
    method: 'DELETE',
    path: `/v1/tokens/${strangeId}`,
    route: '/v1/tokens/:tokenId',
    headers: admin,
    status: 404,
    mutates: true,
  },
  unknownRoute('/v2/things'),
];

const collector: readonly ProbeDefinition[] = [
  ...operational,
  get('services', '/api/v1/services', { headers: query, status: 200 }),
  get('spans', '/api/v1/spans', { headers: query, status: 200 }),
  get('logs', '/api/v1/logs', { headers: query, status: 200 }),
  get('log-volume', '/api/v1/logs/volume', { headers: query, status: 200 }),
  get('metrics-list', '/api/v1/metrics', { headers: query, status: 200 }),
  get('unknown-metric', '/api/v1/metrics/no_such_metric/range', {
    route: '/api/v1/metrics/:name/range',
    headers: query,
    status: 200,
  }),
  get('unknown-trace', '/api/v1/traces/0af7651916cd43dd8448eb211c80319c', {
    route: '/api/v1/traces/:traceId',
    headers: query,
    status: 404,
  }),
  get('no-token', '/api/v1/services', { status: 401 }),
  get('bad-limit', '/api/v1/spans?limit=none', { headers: query, status: 400 }),
  {
    name: 'scrape',
    method: 'POST',
    path: '/internal/scrape',
    route: '/internal/scrape',
    headers: query,
    status: 204,
  },
  unknownRoute('/v2/things'),
];

const console: readonly ProbeDefinition[] = [
  ...operational,
  get('no-session', '/api/session', { status: 401 }),
  {
    name: 'login',
    method: 'POST',
    path: '/api/session',
    route: '/api/session',
    headers: { origin: '{origin}' },
    body: { token: '{admin_token}' },
    status: 200,
    remember: { name: 'session', from: 'cookie' },
  },
  get('session', '/api/session', { headers: browser, status: 200 }),
  get('overview', '/admin/ops/overview', { headers: browser, status: 200 }),
  get('services', '/api/telemetry/services', { headers: browser, status: 200 }),
  get('spans', '/api/telemetry/spans', { headers: browser, status: 200 }),
  get('logs', '/api/telemetry/logs', { headers: browser, status: 200 }),
  get('unknown-trace', '/api/telemetry/traces/0af7651916cd43dd8448eb211c80319c', {
    route: '/api/telemetry/traces/:traceId',
    headers: browser,
    status: 404,
  }),
  get('wrong-code', `/login/${strangeId}`, { route: '/login/:code', status: 302 }),
  get('unknown-data', `/api/${strangeId}`, { route: '/*', status: 404 }),
];

/** What `ibex gate` asks of the services of Ibex. */
export const ibexProbes = { proxy, auth, collector, console } as const satisfies Probes;
