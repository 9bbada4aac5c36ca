import type { TraceRule } from '@ibex/contract';
import { ConfigError } from './config-error.ts';
import type { ObservabilityConfig } from './observability.ts';
import { type Environment, read } from './variables.ts';

/** What the operator, who knows the network, decides over the contract's boundaries. */
export interface BoundarySettings {
  /** For public listeners, and those that the contract does not declare. */
  readonly inbound: TraceRule | undefined;
  /** By the listener's name in the contract. */
  readonly listeners: ReadonlyMap<string, TraceRule>;
  /** Host names, `*.` in front for all below, or `*` for any. */
  readonly trustedHosts: readonly string[];
  /** Carried besides those of the contract. */
  readonly baggageKeys: readonly string[];
}

const traceRules: readonly string[] = ['accept', 'restart', 'drop'];
const hostName = /^\*$|^(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]{0,250}[a-z0-9_])?$|^\[[0-9a-f:.]{2,45}\]$/;
const baggageKey = /^[A-Za-z0-9_.-]{1,64}$/;
const maximumHosts = 256;
const maximumKeys = 64;
const inboundRule =
  'accept, restart or drop, for listeners that anybody may call, and name=rule for others, by comma, e.g. restart,auth_http=drop';

/** @throws {ConfigError} naming the variable or field as written. */
export function readBoundaries(
  environment: Environment,
  { boundaries }: ObservabilityConfig,
): BoundarySettings {
  return {
    ...readInbound(environment, boundaries?.inbound),
    trustedHosts: readList(environment, boundaries?.trusted_hosts, {
      variable: 'IBEX_TRUSTED_HOSTS',
      field: 'observability.boundaries.trusted_hosts',
      pattern: hostName,
      maximum: maximumHosts,
      rule: `at most ${maximumHosts} lower-case host names without scheme and port, e.g. billing.internal, *.svc.cluster.local or *`,
    }),
    baggageKeys: readList(environment, boundaries?.baggage_keys, {
      variable: 'IBEX_BAGGAGE_KEYS',
      field: 'observability.boundaries.baggage_keys',
      pattern: baggageKey,
      maximum: maximumKeys,
      rule: `at most ${maximumKeys} keys of letters, digits, _ . and -`,
    }),
  };
}

function readInbound(
  environment: Environment,
  field: string | undefined,
): Pick<BoundarySettings, 'inbound' | 'listeners'> {
  const [name = '', text = ''] =
    [
      ['IBEX_TRUST_INBOUND', read(environment, 'IBEX_TRUST_INBOUND')],
      ['observability.boundaries.inbound', field],
      ['IBEX_DEFAULT_TRUST_INBOUND', read(environment, 'IBEX_DEFAULT_TRUST_INBOUND')],
    ].find(([, value]) => value !== undefined) ?? [];
  const listeners = new Map<string, TraceRule>();
  let inbound: TraceRule | undefined;
  for (const item of split(text)) {
    const [rule = '', listener] = item
      .split('=', 2)
      .map((part) => part.trim())
      .toReversed();
    if (!traceRules.includes(rule) || listener === '') throw new ConfigError(name, inboundRule, text);
    if (listener === undefined) inbound = rule as TraceRule;
    else listeners.set(listener, rule as TraceRule);
  }
  return { inbound, listeners };
}

interface ListRule {
  readonly variable: string;
  readonly field: string;
  readonly pattern: RegExp;
  readonly maximum: number;
  readonly rule: string;
}

function readList(
  environment: Environment,
  inFile: readonly string[] | undefined,
  { variable, field, pattern, maximum, rule }: ListRule,
): readonly string[] {
  const text = read(environment, variable);
  const items = text === undefined ? (inFile ?? []) : split(text);
  if (items.length <= maximum && items.every((item) => pattern.test(item))) return items;
  throw new ConfigError(text === undefined ? field : variable, rule, text ?? inFile);
}

function split(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
