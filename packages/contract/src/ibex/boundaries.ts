import type { BoundaryDefinitions, HostDefinition, ListenerDefinition } from '../model.ts';

const publicly = {
  exposure: 'public',
  traceparent: 'restart',
  tracestate: 'drop',
  baggage: 'drop',
  requestId: 'accept',
  tenant: 'drop',
} as const satisfies Partial<ListenerDefinition>;
const internally = {
  exposure: 'internal',
  traceparent: 'accept',
  tracestate: 'accept',
  baggage: 'accept',
  requestId: 'accept',
  tenant: 'drop',
} as const satisfies Partial<ListenerDefinition>;
const unheard = {
  ...internally,
  traceparent: 'drop',
  tracestate: 'drop',
  baggage: 'drop',
  requestId: 'drop',
} as const satisfies Partial<ListenerDefinition>;

const told = {
  traceparent: 'send',
  tracestate: 'send',
  baggage: 'send',
  requestId: 'send',
  tenant: 'drop',
} as const satisfies Partial<HostDefinition>;
const toldNothing = {
  traceparent: 'drop',
  tracestate: 'drop',
  baggage: 'drop',
  requestId: 'drop',
  tenant: 'drop',
} as const satisfies Partial<HostDefinition>;

/** Whom we believe what, and whom we tell what. */
export const boundaries = {
  listeners: {
    proxy: { help: 'The gateway.', service: 'proxy', protocol: 'http', ...publicly },
    auth_http: {
      help: 'Administration of tokens and agents.',
      service: 'auth',
      protocol: 'http',
      ...internally,
    },
    auth_grpc: {
      ...internally,
      help: 'Verdicts, asked for by the gateway and the console.',
      service: 'auth',
      protocol: 'grpc',
      tenant: 'accept',
    },
    collector_query: {
      help: 'Queries of the console, and the request to scrape.',
      service: 'collector',
      protocol: 'http',
      ...internally,
    },
    collector_otlp_grpc: { help: 'Receives OTLP.', service: 'collector', protocol: 'grpc', ...unheard },
    collector_otlp_http: {
      help: 'Receives OTLP, and carries the keep bus.',
      service: 'collector',
      protocol: 'http',
      ...unheard,
    },
    console: { help: 'The console, for browsers.', service: 'console', protocol: 'http', ...publicly },
  },
  hosts: {
    auth: { help: 'The auth service.', ...told, tenant: 'send' },
    collector: { help: 'The query API of the collector.', ...told },
    services: { help: 'Services whose health the console asks for.', ...told },
    provider: { help: 'LLM providers.', ...toldNothing },
    trusted: { help: 'Hosts the operator names in IBEX_TRUSTED_HOSTS.', ...told },
    unknown: { help: 'Every other host.', ...toldNothing },
  },
  baggageKeys: ['ibex.experiment', 'ibex.synthetic'],
} as const satisfies BoundaryDefinitions;
