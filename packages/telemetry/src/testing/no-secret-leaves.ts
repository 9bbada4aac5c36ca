import { AssertionError } from 'node:assert/strict';
import { inspect } from 'node:util';
import { type CanariesOptions, createCanaries } from './canaries/canaries.ts';
import type { Canary } from './canaries/canary.ts';
import { byCore, describeLeaks, findCanaries } from './canaries/search.ts';

/** What came out of what is tested: a text, bytes, or values. Asked when everything was driven. */
export type Sink = () => unknown;

export interface NoSecretLeavesOptions extends CanariesOptions {
  /** Hands canaries to what is tested, by requests, calls, errors and log lines. */
  readonly drive: (canaries: readonly Canary[]) => unknown;
  /** Everything that leaves, by the name a finding shall have. */
  readonly sinks: Readonly<Record<string, Sink>>;
}

/**
 * Plants a secret of its own for each sensitive key and pattern × carrier × encoding, and searches everything that left
 * for every one of them, plainly and encoded.
 *
 * @example
 * ```ts
 * const { telemetry, exporter, destination } = startTestTelemetry('proxy');
 * await assertNoSecretLeaves({
 *   drive: async (canaries) => {
 *     for (const canary of canaries) plantCanary(telemetry, canary);
 *     await telemetry.stop();
 *   },
 *   sinks: { logs: () => destination.text, spans: () => exporter.spans, metrics: () => telemetry.metrics.exposition() },
 * });
 * ```
 * @returns how many canaries were driven.
 * @throws {AssertionError} naming key or pattern, carrier, encoding and sink of what was found, one of each kind.
 */
export async function assertNoSecretLeaves(options: NoSecretLeavesOptions): Promise<number> {
  const canaries = createCanaries(options);
  await options.drive(canaries);
  const known = byCore(canaries);
  const leaks = [];
  for (const [sink, read] of Object.entries(options.sinks)) {
    leaks.push(...findCanaries(known, { sink, text: toSearchable(await read()) }));
  }
  if (leaks.length === 0) return canaries.length;
  const message = `${leaks.length} times a secret left. Of ${canaries.length} canaries:\n${describeLeaks(leaks)}`;
  throw new AssertionError({
    message,
    actual: leaks.length,
    expected: 0,
    stackStartFn: assertNoSecretLeaves,
  });
}

function toSearchable(content: unknown): string {
  if (typeof content === 'string') return content;
  if (content instanceof Uint8Array) return Buffer.from(content).toString('latin1');
  if (Array.isArray(content)) return content.map(toSearchable).join('\n');
  const whole = { depth: null, maxArrayLength: null, maxStringLength: null, breakLength: Infinity };
  return inspect(content, { ...whole, showHidden: true, getters: true });
}
