import { ConfigError, notShown } from './config-error.ts';

/** The `observability:` block of `config.yaml`, keys as written there. */
export interface ObservabilityConfig {
  readonly enabled?: boolean;
  readonly metrics?: { readonly enabled?: boolean; readonly path?: string };
  readonly boundaries?: {
    readonly inbound?: string;
    readonly trusted_hosts?: readonly string[];
    readonly baggage_keys?: readonly string[];
  };
  readonly tracing?: {
    readonly enabled?: boolean;
    readonly service_name?: string;
    readonly sampler?: { readonly type?: 'always' | 'never' | 'probability'; readonly rate?: number };
    readonly exporter?: {
      readonly type?: 'otlp' | 'otlp_grpc' | 'otlp_http' | 'stdout' | 'none';
      readonly endpoint?: string;
      readonly insecure?: boolean;
      readonly headers?: Readonly<Record<string, string>>;
      readonly ca_file?: string;
      readonly cert_file?: string;
      readonly key_file?: string;
    };
  };
}

type Rule = { readonly rule: string; readonly holds: (value: unknown) => boolean; readonly secret?: boolean };

const boolean: Rule = { rule: 'true or false', holds: (value) => typeof value === 'boolean' };
const text: Rule = {
  rule: 'a text that is not empty',
  holds: (value) => typeof value === 'string' && value !== '',
};
const takenPaths: readonly unknown[] = ['/', '/healthz', '/readyz'];
const path: Rule = {
  rule: 'a path that starts with /, other than /healthz and /readyz',
  holds: (value) =>
    typeof value === 'string' && /^\/[\w./-]{1,200}$/.test(value) && !takenPaths.includes(value),
};
const ratio: Rule = {
  rule: 'a number between 0 and 1',
  holds: (value) => typeof value === 'number' && value >= 0 && value <= 1,
};
const headers: Rule = {
  rule: 'a table of header names and texts',
  holds: (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((item) => typeof item === 'string'),
  secret: true,
};

const texts: Rule = {
  rule: 'a list of texts',
  holds: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
};

function oneOf(...values: readonly string[]): Rule {
  return { rule: `one of ${values.join(', ')}`, holds: (value) => values.includes(value as string) };
}

/** Every field the block may have, by its path. */
const rules: ReadonlyMap<string, Rule> = new Map(
  Object.entries({
    enabled: boolean,
    'metrics.enabled': boolean,
    'metrics.path': path,
    'boundaries.inbound': text,
    'boundaries.trusted_hosts': texts,
    'boundaries.baggage_keys': texts,
    'tracing.enabled': boolean,
    'tracing.service_name': text,
    'tracing.sampler.type': oneOf('always', 'never', 'probability'),
    'tracing.sampler.rate': ratio,
    'tracing.exporter.type': oneOf('otlp', 'otlp_grpc', 'otlp_http', 'stdout', 'none'),
    'tracing.exporter.endpoint': text,
    'tracing.exporter.insecure': boolean,
    'tracing.exporter.headers': headers,
    'tracing.exporter.ca_file': text,
    'tracing.exporter.cert_file': text,
    'tracing.exporter.key_file': text,
  }),
);

/**
 * Checks the block field by field.
 * @throws {ConfigError} naming the field as written, e.g. `observability.tracing.sampler.rate`.
 */
export function checkObservability(block: unknown): ObservabilityConfig {
  checkTable('', block ?? {});
  return (block ?? {}) as ObservabilityConfig;
}

function checkTable(prefix: string, table: unknown): void {
  const name = prefix === '' ? 'observability' : `observability.${prefix.slice(0, -1)}`;
  if (typeof table !== 'object' || table === null || Array.isArray(table))
    throw new ConfigError(name, 'a table', table);
  for (const [key, value] of Object.entries(table)) {
    const field = `${prefix}${key}`;
    const rule = rules.get(field);
    if (rule !== undefined) {
      if (!rule.holds(value)) {
        throw new ConfigError(`observability.${field}`, rule.rule, rule.secret === true ? notShown : value);
      }
      continue;
    }
    const known = [...rules.keys()]
      .filter((path) => path.startsWith(prefix))
      .map((path) => path.slice(prefix.length).split('.')[0]);
    if (!known.includes(key)) {
      throw new ConfigError(
        `observability.${field}`,
        `absent (${name} has the fields ${[...new Set(known)].join(', ')})`,
        notShown,
      );
    }
    if (value !== null) checkTable(`${field}.`, value);
  }
}
