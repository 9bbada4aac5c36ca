import { authConnectionSettings, settings } from '@ibex/service';
import type { z } from 'zod';

const mebibyte = 1024 * 1024;
const dayMs = 86_400_000;

/** The variables of the proxy, as the operator writes them. */
export const proxySettings = {
  IBEX_PROXY_PORT: settings.port(8080),
  /** Lets several processes listen on `IBEX_PROXY_PORT`; the system deals connections out. */
  IBEX_PROXY_REUSE_PORT: settings.boolean(false),
  /** A port of this process for `/metrics`, `/healthz` and `/readyz`; without it they are at `IBEX_PROXY_PORT`. */
  IBEX_PROXY_METRICS_PORT: settings.optionalPort(),
  /** Largest request body. */
  IBEX_PROXY_BODY_LIMIT_BYTES: settings.integer(10 * mebibyte, { minimum: 1024, maximum: 1024 * mebibyte }),
  /** Longest time the headers of a request may take to arrive. */
  IBEX_PROXY_HEADERS_TIMEOUT_MS: settings.integer(15_000, { minimum: 1, maximum: 120_000 }),
  /** Longest time a request body may take to arrive. */
  IBEX_PROXY_BODY_TIMEOUT_MS: settings.milliseconds(30_000),
  ...authConnectionSettings,
  IBEX_PROXY_AUTH_TIMEOUT_MS: settings.milliseconds(2_000),
  IBEX_PROXY_AUTH_CACHE_ENTRIES: settings.integer(10_000, { minimum: 1, maximum: 1_000_000 }),
  /** Of an organisation that has no limit of its own. */
  IBEX_PROXY_REQUESTS_PER_MINUTE: settings.integer(600, { minimum: 1, maximum: 1_000_000_000 }),
  /** Tokens per minute of an organisation that has no limit of its own; 0 for none. */
  IBEX_PROXY_TOKENS_PER_MINUTE: settings.integer(0, { minimum: 0, maximum: 1_000_000_000_000 }),
  /** Requests under way of an organisation that has no limit of its own; 0 for no limit. */
  IBEX_PROXY_CONCURRENT_REQUESTS: settings.integer(0, { minimum: 0, maximum: 1_000_000 }),
  /** The same of an agent that has no limit of its own; 0 for none. */
  IBEX_PROXY_AGENT_REQUESTS_PER_MINUTE: settings.integer(0, { minimum: 0, maximum: 1_000_000_000 }),
  IBEX_PROXY_AGENT_TOKENS_PER_MINUTE: settings.integer(0, { minimum: 0, maximum: 1_000_000_000_000 }),
  IBEX_PROXY_AGENT_CONCURRENT_REQUESTS: settings.integer(0, { minimum: 0, maximum: 1_000_000 }),
  /** The same of a token that has no limit of its own; 0 for none. */
  IBEX_PROXY_TOKEN_REQUESTS_PER_MINUTE: settings.integer(0, { minimum: 0, maximum: 1_000_000_000 }),
  IBEX_PROXY_TOKEN_TOKENS_PER_MINUTE: settings.integer(0, { minimum: 0, maximum: 1_000_000_000_000 }),
  IBEX_PROXY_TOKEN_CONCURRENT_REQUESTS: settings.integer(0, { minimum: 0, maximum: 1_000_000 }),
  /** Most usage records that wait for the ledger. */
  IBEX_PROXY_USAGE_QUEUE_RECORDS: settings.integer(20_000, { minimum: 1, maximum: 10_000_000 }),
  /** Of one client address, before its token is looked at; 0 for no limit. */
  IBEX_PROXY_ADDRESS_REQUESTS_PER_MINUTE: settings.integer(60_000, { minimum: 0, maximum: 1_000_000_000 }),
  /** Counts requests in Redis, for several proxies together; without it in memory. */
  REDIS_URL: settings.optionalUrl().meta({ secret: true, rule: 'a URL such as redis://127.0.0.1:6379' }),
  IBEX_PROXY_REDIS_TIMEOUT_MS: settings.milliseconds(100),
  OPENAI_API_KEY: settings.optionalSecret(),
  OPENAI_BASE_URL: settings.url('https://api.openai.com/v1'),
  /** Model names by comma; one that ends in `*` stands for all that begin so. */
  OPENAI_MODELS: settings.optionalText(),
  ANTHROPIC_API_KEY: settings.optionalSecret(),
  ANTHROPIC_BASE_URL: settings.url('https://api.anthropic.com/v1'),
  ANTHROPIC_MODELS: settings.optionalText(),
  GEMINI_API_KEY: settings.optionalSecret(),
  GEMINI_BASE_URL: settings.url('https://generativelanguage.googleapis.com/v1beta'),
  GEMINI_MODELS: settings.optionalText(),
  /** Where responses are kept: `redis` at REDIS_URL, `postgres` at IBEX_PROXY_DATABASE_URL. */
  IBEX_PROXY_CONVERSATION_STORE: settings.choice(['memory', 'redis', 'postgres'], 'memory'),
  IBEX_PROXY_DATABASE_URL: settings.optionalSecret(),
  /** Longest wait for the store. */
  IBEX_PROXY_CONVERSATION_TIMEOUT_MS: settings.milliseconds(2_000),
  /** How long a response can be gone on from. */
  IBEX_PROXY_CONVERSATION_TTL_MS: settings.integer(30 * dayMs, { minimum: 1, maximum: 366 * dayMs }),
  /** Most memory for conversations; the ones used least recently make room. */
  IBEX_PROXY_CONVERSATION_MEMORY_BYTES: settings.integer(64 * mebibyte, { minimum: 1024 }),
  /** Largest conversation that is kept, up to and including one answer. */
  IBEX_PROXY_CONVERSATION_TURN_LIMIT_BYTES: settings.integer(4 * mebibyte, { minimum: 1024 }),
  IBEX_PROXY_UPSTREAM_CONNECT_TIMEOUT_MS: settings.milliseconds(5_000),
  IBEX_PROXY_UPSTREAM_HEADERS_TIMEOUT_MS: settings.milliseconds(300_000),
  IBEX_PROXY_UPSTREAM_IDLE_TIMEOUT_MS: settings.milliseconds(120_000),
  IBEX_PROXY_UPSTREAM_TOTAL_TIMEOUT_MS: settings.milliseconds(600_000),
  /**
   * From saying "not ready" to taking no connections, so that a load balancer notices first and clients hear with an
   * answer that they are to leave the connections they keep. Without it, `stop-times.ts` says.
   */
  IBEX_PROXY_DRAIN_DELAY_MS: settings.optionalMilliseconds(),
  /** How long a stopping gateway lets calls end by themselves. Without it, `stop-times.ts` says. */
  IBEX_PROXY_DRAIN_TIMEOUT_MS: settings.optionalMilliseconds(),
  /** Most connections to one provider; further requests wait for one. */
  IBEX_PROXY_UPSTREAM_CONNECTIONS: settings.integer(256, { minimum: 1, maximum: 65_535 }),
  /** Largest answer of a provider that is not streamed. */
  IBEX_PROXY_RESPONSE_LIMIT_BYTES: settings.integer(32 * mebibyte, { minimum: 1024 }),
  /** Largest event of a provider's stream. */
  IBEX_PROXY_STREAM_EVENT_LIMIT_BYTES: settings.integer(mebibyte, { minimum: 1024 }),
} as const;

export type ProxySettings = z.output<z.ZodObject<typeof proxySettings>>;
