import type { Dialect } from '../dialects/dialect.ts';
import type { ModelRequest } from '../dialects/model-request.ts';
import type { CallReport } from './call-report.ts';

/** A model name that stands for every model no other provider serves. */
export const anyModel = '*';

/**
 * Something that answers requests to models. What it learns on the way (usage, ids, timing) it writes into the report; how
 * it fails it says with a `ProviderFailure`, and with nothing else. It stops at once when the report's signal aborts. It
 * writes no telemetry: `InstrumentedProvider` does.
 */
export interface Provider {
  /** The name in metrics, spans and error messages. */
  readonly name: string;
  /** The models it serves; `*` for every model no other provider serves. */
  readonly models: readonly string[];
  /** What it speaks itself: requests of these dialects reach it unchanged, and its answers the client byte by byte. */
  readonly dialects: readonly Dialect[];
  /** Answers as a whole: JSON in the request's dialect. */
  generate(request: ModelRequest, report: CallReport): Promise<Uint8Array>;
  /**
   * Resolves when the provider has accepted the request. The bytes are whole server-sent events in the request's dialect;
   * the iteration ends after the last one, or throws.
   */
  stream(request: ModelRequest, report: CallReport): Promise<AsyncIterable<Uint8Array>>;
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
