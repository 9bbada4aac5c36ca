import type { FastifyInstance } from 'fastify';
import type { Dispatcher } from 'undici';

/** What the forwarder got from the model. */
export interface Answer {
  readonly statusCode: number;
  readonly text: string;
}

/** One way to observe the forwarder. It is made before Fastify is loaded, as instrumentations by patching need it. */
export interface Instrument {
  /** Observes the requests that come in. */
  readonly install: (app: FastifyInstance) => Promise<void> | void;
  /** Observes the requests that go out. */
  readonly wrap: (dispatcher: Dispatcher) => Dispatcher;
  /** Observes one call of the provider. */
  readonly generate: (call: () => Promise<Answer>) => Promise<Answer>;
  /** Delivers what waits. */
  readonly stop: () => Promise<void>;
}

/** Observes nothing. */
export const bare: Instrument = {
  install: () => {},
  wrap: (dispatcher) => dispatcher,
  generate: (call) => call(),
  stop: async () => {},
};

/** What the provider's span says, in every variant that has one. */
export const providerAttributes = {
  'provider.name': 'openai',
  'provider.model': 'gpt-4o-mini',
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
} as const;

/** host:port of the sink of traces, as the parent process gave it. */
export function sinkAddress(): string {
  const address = process.env.IBEX_BENCH_SINK;
  if (address === undefined) throw new Error('IBEX_BENCH_SINK must be set to the host:port of the sink.');
  return address;
}
