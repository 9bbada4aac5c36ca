import type { ContractDefinition, HostDefinition, ListenerDefinition, TraceRule } from '@ibex/contract';
import type { BoundarySettings } from '../config/boundary-settings.ts';
import { ConfigError } from '../config/config-error.ts';

/** What is believed of the callers of one listener. */
export interface InboundBoundary {
  readonly traceparent: TraceRule;
  readonly tracestate: boolean;
  readonly baggage: boolean;
  readonly requestId: boolean;
  readonly tenant: boolean;
}

/** What one host is told. */
export interface OutboundBoundary {
  readonly traceparent: boolean;
  readonly tracestate: boolean;
  readonly baggage: boolean;
  readonly requestId: boolean;
  readonly tenant: boolean;
  /** Names of headers of trace context that must not reach it, whoever has set them. */
  readonly withheld: readonly string[];
}

const headers = ['traceparent', 'tracestate', 'baggage', 'requestId', 'tenant'] as const;
const traceHeaders = ['traceparent', 'tracestate', 'baggage'] as const;
const maximumKnownHosts = 256;

const stranger: InboundBoundary = {
  traceparent: 'restart',
  tracestate: false,
  baggage: false,
  requestId: true,
  tenant: false,
};

/** Code of our own that names no host: it knows whom it writes to. */
export const toldEverything: OutboundBoundary = {
  traceparent: true,
  tracestate: true,
  baggage: true,
  requestId: true,
  tenant: false,
  withheld: [],
};
/** Only which trace it is, and whether it is sampled. */
export const toldTheTrace: OutboundBoundary = {
  ...toldEverything,
  tracestate: false,
  baggage: false,
  withheld: ['tracestate', 'baggage'],
};

/** The boundaries of one process: the contract's, with what the operator has decided over them. */
export class Boundaries {
  /** The only baggage that is taken in and sent on. */
  readonly baggageKeys: ReadonlySet<string>;
  readonly #contract: ContractDefinition;
  readonly #service: string;
  readonly #settings: BoundarySettings;

  /** @throws {ConfigError} when a setting names a listener that is not in the contract. */
  constructor(
    contract: ContractDefinition,
    { service, settings }: { service: string; settings: BoundarySettings },
  ) {
    this.#contract = contract;
    this.#service = service;
    this.#settings = settings;
    this.baggageKeys = new Set([...(contract.boundaries?.baggageKeys ?? []), ...settings.baggageKeys]);
    const known = Object.keys(contract.boundaries?.listeners ?? {});
    for (const name of settings.listeners.keys()) {
      if (known.includes(name)) continue;
      throw new ConfigError('IBEX_TRUST_INBOUND', `listeners of the contract (${known.join(', ')})`, name);
    }
  }

  /**
   * What is believed of the callers of a listener. To be asked once, when the listener is made.
   *
   * @param listener Its protocol and, where the service has several of one, its name in the contract. Without a name it
   * is the first of the service with that protocol; one that the contract does not declare believes nobody.
   * @throws {TypeError} when there is no listener of that name.
   */
  inbound({
    protocol,
    name,
  }: {
    protocol: ListenerDefinition['protocol'];
    name?: string | undefined;
  }): InboundBoundary {
    const listeners = Object.entries(this.#contract.boundaries?.listeners ?? {});
    const found = listeners.find(([key, listener]) =>
      name === undefined
        ? listener.service === this.#service && listener.protocol === protocol
        : key === name,
    );
    if (found === undefined && name !== undefined) {
      throw new TypeError(
        `"${name}" is no listener of the contract. Declare it in boundaries.listeners, or name one of ${listeners.map(([key]) => key).join(', ')}.`,
      );
    }
    const [key, listener] = found ?? [];
    const declared = listener === undefined ? stranger : believed(listener);
    const isOpen = listener?.exposure !== 'internal';
    const rule = this.#settings.listeners.get(key ?? '') ?? (isOpen ? this.#settings.inbound : undefined);
    return rule === undefined ? declared : withRule(declared, rule);
  }

  /**
   * What is told the hosts that one client calls, by the host name of the URL. To be made once for a client; a host is
   * then looked up once.
   *
   * @param name What the client calls, as the contract's `boundaries.hosts` has it. Without it, the host name decides.
   * @throws {TypeError} when there is no host of that name.
   */
  outbound(name?: string): (hostName: string) => OutboundBoundary {
    const hosts: Readonly<Record<string, HostDefinition>> = this.#contract.boundaries?.hosts ?? {};
    if (name !== undefined && hosts[name] === undefined) {
      throw new TypeError(
        `"${name}" is no host of the contract. Declare it in boundaries.hosts, or name one of ${Object.keys(hosts).join(', ')}.`,
      );
    }
    const known = new Map<string, OutboundBoundary>();
    return (hostName) => {
      const found = known.get(hostName);
      if (found !== undefined) return found;
      const boundary = this.#towards(hostName.toLowerCase(), name === undefined ? undefined : hosts[name]);
      if (known.size < maximumKnownHosts) known.set(hostName, boundary);
      return boundary;
    };
  }

  #towards(hostName: string, named: HostDefinition | undefined): OutboundBoundary {
    const hosts: Readonly<Record<string, HostDefinition>> = this.#contract.boundaries?.hosts ?? {};
    const declared =
      named ??
      Object.values(hosts).find(({ names = [] }) => names.some((name) => matches(name, hostName))) ??
      hosts.unknown;
    const isTrusted = this.#settings.trustedHosts.some((name) => matches(name, hostName));
    return told([declared, isTrusted ? hosts.trusted : undefined]);
  }
}

function believed(listener: ListenerDefinition): InboundBoundary {
  return {
    traceparent: listener.traceparent,
    tracestate: listener.tracestate === 'accept',
    baggage: listener.baggage === 'accept',
    requestId: listener.requestId === 'accept',
    tenant: listener.tenant === 'accept',
  };
}

/** Tracestate and baggage go with the trace; an organisation is never believed because of a setting. */
function withRule({ requestId, tenant }: InboundBoundary, traceparent: TraceRule): InboundBoundary {
  const isTrusted = traceparent === 'accept';
  return { traceparent, tracestate: isTrusted, baggage: isTrusted, requestId, tenant: isTrusted && tenant };
}

/** What any of the definitions lets through. */
function told(definitions: readonly (HostDefinition | undefined)[]): OutboundBoundary {
  const sends = (header: (typeof headers)[number]) =>
    definitions.some((definition) => definition?.[header] === 'send');
  return {
    traceparent: sends('traceparent'),
    tracestate: sends('tracestate'),
    baggage: sends('baggage'),
    requestId: sends('requestId'),
    tenant: sends('tenant'),
    withheld: traceHeaders.filter((header) => !sends(header)),
  };
}

function matches(pattern: string, hostName: string): boolean {
  if (pattern === '*') return true;
  return pattern.startsWith('*.') ? hostName.endsWith(pattern.slice(1)) : hostName === pattern;
}
