import type { ChatRequest } from '../pipeline/chat-request.ts';
import type { CallReport } from './call-report.ts';

/** A model name that stands for every model no other provider serves. */
export const anyModel = '*';

/**
 * Something that completes chats. What it learns on the way (usage, ids, timing) it writes into the report; how it
 * fails it says with a `ProviderFailure`, and with nothing else. It stops at once when the report's signal aborts.
 */
export interface Provider {
  /** The name in metrics, spans and error messages. */
  readonly name: string;
  /** The models it serves; `*` for every model no other provider serves. */
  readonly models: readonly string[];
  /** Completes the chat and returns the `chat.completion` as JSON. */
  generate(request: ChatRequest, report: CallReport): Promise<Uint8Array>;
  /**
   * Resolves when the provider has accepted the request. The bytes are whole server-sent events; the iteration ends
   * after `[DONE]`, or throws.
   */
  stream(request: ChatRequest, report: CallReport): Promise<AsyncIterable<Uint8Array>>;
  /** Releases connections; calls under way are cut. */
  close(): Promise<void>;
}

/** How long a provider may take. */
export interface ProviderTimeouts {
  /** To connect. */
  readonly connectMs: number;
  /** From the request to the headers of the answer. */
  readonly headersMs: number;
  /** Between two pieces of the answer. */
  readonly idleMs: number;
}
