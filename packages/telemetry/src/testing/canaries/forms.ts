const base64 = (text: string) => Buffer.from(text).toString('base64');
const base64Url = (text: string) => Buffer.from(text).toString('base64url');

/** Secrets that are known by their own form, made around a core of sixteen capitals and digits. */
export const patternForms: Readonly<Record<string, (core: string) => string>> = {
  bearer: (core) => `Bearer ${core}`,
  basic: (core) => `Basic ${base64(`user:${core}`)}`,
  jwt: (core) => `${base64Url('{"alg":"HS256"}')}.${base64Url(`{"sub":"${core}"}`)}.${core}`,
  pem: (core) => `-----BEGIN PRIVATE KEY-----\n${core}\n-----END PRIVATE KEY-----`,
  aws_key: (core) => `AKIA${core}`,
  aws_temporary_key: (core) => `ASIA${core}`,
  stripe_key: (core) => `sk_live_${core}`,
  stripe_customer: (core) => `cus_${core}`,
  model_key: (core) => `sk-${core}`,
  anthropic_key: (core) => `sk-ant-api03-${core}`,
  openai_project_key: (core) => `sk-proj-${core}`,
  google_key: (core) => `AIza${core}${core}abc`,
  github_token: (core) => `ghp_${core}${core}abcd`,
  github_fine_token: (core) => `github_pat_${core}_${core}`,
  slack_token: (core) => `xoxb-1234567890-${core}`,
  gitlab_token: (core) => `glpat-${core}abcd`,
  gateway_token: (core) => `ibex_abcdefghijklmnop_${core}${core}`,
  url_credentials: (core) => `postgres://ibex:${core}@db:5432/ibex`,
  url_user: (core) => `https://${core}@host/path`,
  aws_signature: (core) => `https://host/path?X-Amz-Signature=${core}`,
  google_signature: (core) => `https://host/path?a=1&X-Goog-Signature=${core}`,
  shared_access_signature: (core) => `https://host/path?sv=1&sig=${core}`,
  query_key: (core) => `/path?key=${core}`,
  query_token: (core) => `/path?a=b&token=${core}`,
  email: (core) => `${core}@example.com`,
};

/** Ways to write a key. */
export const spellings: readonly ((key: string) => string)[] = [
  (key) => key,
  (key) => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  (key) => key.replaceAll('_', '-'),
  (key) => key.toUpperCase(),
  (key) => `user.${key}`,
  (key) => `${key}[0]`,
  (key) => `X-${key.replaceAll('_', '-')}`,
];

/** Ways a key and its value stand in a text. */
export const labelForms: Readonly<Record<string, (key: string, secret: string) => string>> = {
  assignment: (key, secret) => `before ${key}=${secret} after`,
  header: (key, secret) => `before\n${key}: ${secret}\nafter`,
  JSON: (key, secret) => JSON.stringify({ before: 1, [key]: secret, after: true }),
};

const quoted = (text: string) => JSON.stringify({ body: text });

/** Ways a text is written. */
export const textEncodings: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  'URL-encoded': encodeURIComponent,
  'URL-encoded twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  base64,
  base64url: base64Url,
  'JSON inside a string': quoted,
  'JSON inside JSON': (text) => quoted(quoted(text)),
};

class Instance {
  readonly held: unknown;

  constructor(held: unknown) {
    this.held = held;
  }

  toJSON(): unknown {
    return this.held;
  }
}

const deep = (value: unknown, levels: number): unknown =>
  levels === 0 ? value : { level: deep(value, levels - 1) };

/** What a secret is wrapped in, given as an object with one field (its key, or a harmless one). */
export const structures: Readonly<Record<string, (key: string, secret: string) => unknown>> = {
  object: (key, secret) => ({ [key]: secret }),
  'object, 6 deep': (key, secret) => deep({ [key]: secret }, 5),
  'object, 40 deep': (key, secret) => deep({ [key]: secret }, 40),
  array: (key, secret) => [1, [{ [key]: secret }]],
  Map: (key, secret) => new Map([[key, secret]]),
  Set: (key, secret) => new Set([{ [key]: secret }]),
  'class instance': (key, secret) => new Instance({ [key]: secret }),
  'null prototype': (key, secret) => Object.assign(Object.create(null), { [key]: secret }),
  'Error message': (key, secret) => new Error(`refused ${key}=${secret}`),
  'Error field': (key, secret) => Object.assign(new Error('refused'), { config: { [key]: secret } }),
  'Error.cause': (key, secret) =>
    new Error('refused', { cause: new Error(`inner ${key}=${secret}`, { cause: { [key]: secret } }) }),
  AggregateError: (key, secret) =>
    new AggregateError([new Error(`${key}=${secret}`)], `all: ${key}=${secret}`),
  Buffer: (key, secret) => ({ body: Buffer.from(JSON.stringify({ [key]: secret })) }),
  'typed array': (key, secret) => ({ body: new TextEncoder().encode(`${key}=${secret}`) }),
  'list of headers': (key, secret) => ['host', 'h', key, secret],
  'name and value': (key, secret) => [{ name: key, value: secret }],
  'bodies as JSON': (key, secret) => ({ request: { body: JSON.stringify({ [key]: secret }) } }),
};
