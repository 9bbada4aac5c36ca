import { z } from 'zod';
import { readSection } from '../config-field.ts';

/** How streams are treated, whoever answers. */
export interface StreamingPolicy {
  /** Silence of a provider after which the client gets a sign of life. */
  readonly keepAliveMs: number;
  /** Silence of a provider, or of a client that does not read, that counts as a stall. */
  readonly stallMs: number;
  /** What happens to the provider's stream when the client leaves. */
  readonly onDisconnect: 'abort' | 'drain';
  /** How far a stream is read that nobody wants but for its usage. */
  readonly drain: { readonly limitMs: number; readonly limitBytes: number };
  /** Whether tokens are estimated where a stream ended before the provider told them. */
  readonly estimateUsage: boolean;
}

const maximumMs = 3_600_000;
const milliseconds = z.number().int().min(10).max(maximumMs);

const streamingSchema = z
  .strictObject({
    keep_alive_ms: milliseconds.default(15_000),
    stall_ms: milliseconds.default(5_000),
    on_disconnect: z.enum(['abort', 'drain']).default('abort'),
    drain: z
      .strictObject({
        max_ms: milliseconds.default(30_000),
        max_bytes: z.number().int().min(1024).max(1_073_741_824).default(1_048_576),
      })
      .prefault({}),
    estimate_usage: z.boolean().default(false),
  })
  .prefault({});

/**
 * The section `streaming` of `config.yaml`.
 *
 * @throws {SettingsError} naming the field as the operator wrote it.
 */
export function readStreamingPolicy(config: Readonly<Record<string, unknown>>): StreamingPolicy {
  const entry = readSection('streaming', streamingSchema, config.streaming);
  return {
    keepAliveMs: entry.keep_alive_ms,
    stallMs: entry.stall_ms,
    onDisconnect: entry.on_disconnect,
    drain: { limitMs: entry.drain.max_ms, limitBytes: entry.drain.max_bytes },
    estimateUsage: entry.estimate_usage,
  };
}
