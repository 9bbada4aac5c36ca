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

function openStore(settings: ProxySettings): ConversationStore {
  return createMemoryStore({
    limitBytes: settings.IBEX_PROXY_CONVERSATION_MEMORY_BYTES,
    turnLimitBytes: settings.IBEX_PROXY_CONVERSATION_TURN_LIMIT_BYTES,
    ttlMs: settings.IBEX_PROXY_CONVERSATION_TTL_MS,
  });
}

/** Opens the store that the settings name. */
export async function createConversations(
  settings: ProxySettings,
  telemetry: Telemetry,
): Promise<OpenConversations> {
  const store = new InstrumentedStore(openStore(settings), telemetry);
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
