import { SettingsError } from '@ibex/service';
import type { Telemetry } from '@ibex/telemetry';
import type { ProxySettings } from '../config.ts';
import type { ConversationStore } from './conversation-store.ts';
import { Conversations } from './conversations.ts';
import { InstrumentedStore } from './instrumented-store.ts';
import { createMemoryStore } from './memory/store.ts';

/** How often the number of conversations is asked for. */
const countEveryMs = 15_000;

/** Conversations, and what they hold. */
export interface OpenConversations {
  readonly conversations: Conversations;
  close(): Promise<void>;
}

/** The backend the settings name; clients are loaded where they are used. */
async function openStore(settings: ProxySettings, telemetry: Telemetry): Promise<ConversationStore> {
  const limits = {
    ttlMs: settings.IBEX_PROXY_CONVERSATION_TTL_MS,
    turnLimitBytes: settings.IBEX_PROXY_CONVERSATION_TURN_LIMIT_BYTES,
  };
  const timeoutMs = settings.IBEX_PROXY_CONVERSATION_TIMEOUT_MS;
  switch (settings.IBEX_PROXY_CONVERSATION_STORE) {
    case 'memory':
      return createMemoryStore({ ...limits, limitBytes: settings.IBEX_PROXY_CONVERSATION_MEMORY_BYTES });
    case 'redis': {
      const url = needed(settings, 'REDIS_URL');
      const [{ connectRedis }, { createRedisStore }] = await Promise.all([
        import('../limits/redis.ts'),
        import('./redis/store.ts'),
      ]);
      const { client } = connectRedis({ url, commandTimeoutMs: timeoutMs, telemetry });
      return createRedisStore({ ...limits, client });
    }
    case 'postgres': {
      const url = needed(settings, 'IBEX_PROXY_DATABASE_URL');
      const { openPostgresStore } = await import('./postgres/store.ts');
      const onLost = (error: Error) =>
        telemetry.logger.warn('database connection lost', { dependency: 'postgres', error });
      return openPostgresStore({ ...limits, url, timeoutMs, onLost }).catch((error: unknown) => {
        throw unreachable(error);
      });
    }
  }
}

/** The URL is secret, and what the driver says of a failure does not hold it. */
function unreachable(cause: unknown): SettingsError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const name = 'IBEX_PROXY_DATABASE_URL';
  return new SettingsError(
    name,
    `${name} must name a Postgres server that answers and lets its user make a table: it is (not shown). ${reason}`,
  );
}

function needed(settings: ProxySettings, name: 'REDIS_URL' | 'IBEX_PROXY_DATABASE_URL'): string {
  const url = settings[name];
  if (url !== undefined) return url;
  throw new SettingsError(
    name,
    `${name} must be set when IBEX_PROXY_CONVERSATION_STORE is ${settings.IBEX_PROXY_CONVERSATION_STORE}: it is not. Set it, or keep conversations in memory.`,
  );
}

/** Opens the store that the settings name. */
export async function createConversations(
  settings: ProxySettings,
  telemetry: Telemetry,
): Promise<OpenConversations> {
  const store = new InstrumentedStore(await openStore(settings, telemetry), telemetry);
  // Who cannot be counted now is counted next time; requests that need the store say what is wrong.
  const count = () => store.count().catch(() => undefined);
  await count();
  const timer = setInterval(count, countEveryMs);
  return {
    conversations: new Conversations(store, telemetry),
    close: async () => {
      clearInterval(timer);
      await store.close();
    },
  };
}
