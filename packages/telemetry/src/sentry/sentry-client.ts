import type { ErrorEvent, TransportMakeRequestResponse } from '@sentry/core';
import { Agent, request } from 'undici';
import type { SentryDsn } from '../config/sentry-settings.ts';

/** What became of an event; without a loss, Sentry has it. */
export interface SendOutcome {
  readonly loss?: 'export_failed' | 'queue_full' | 'rate_limited' | 'refused';
  readonly detail: string;
}

export interface SentryClient {
  /** Never rejects. */
  send(event: ErrorEvent): Promise<SendOutcome>;
  /** Resolves when nothing is under way, or after `timeoutMs`. */
  flush(timeoutMs: number): Promise<unknown>;
  close(): void;
}

const maximumUnderWay = 64;
const timeoutMs = 10_000;
const tooManyRequests = 429;
const sdk = { name: 'ibex.telemetry', version: '0.1.0' };

/**
 * Loads `@sentry/core` for its envelopes, and for its transport, which honours the limits that Sentry names. No client,
 * scope or integration of it is made: nothing is patched, no tracer and no context manager comes along.
 */
export async function loadSentry(dsn: SentryDsn): Promise<SentryClient> {
  const sentry = await import('@sentry/core');
  const components = { ...dsn };
  const url = sentry.getEnvelopeEndpointWithUrlEncodedAuth(components, undefined, sdk);
  const dispatcher = new Agent({ connect: { timeout: timeoutMs } });
  let dropped: string | undefined;
  const transport = sentry.createTransport(
    {
      bufferSize: maximumUnderWay,
      recordDroppedEvent: (reason) => {
        dropped = reason;
      },
    },
    ({ body }) => post(url, { body, dispatcher }),
  );

  return {
    send: async (event) => {
      dropped = undefined;
      const sending = transport.send(sentry.createEventEnvelope(event, components, { sdk }));
      // Said at once, before anything is sent.
      if (dropped === 'ratelimit_backoff')
        return { loss: 'rate_limited', detail: 'Sentry asked for a pause' };
      if (dropped === 'queue_overflow') return { loss: 'queue_full', detail: `${maximumUnderWay} under way` };
      try {
        return outcomeOf((await sending).statusCode ?? 0);
      } catch (error) {
        return { loss: 'export_failed', detail: error instanceof Error ? error.message : 'not sent' };
      }
    },
    flush: async (flushTimeoutMs) => transport.flush(flushTimeoutMs),
    close: () => void dispatcher.destroy(),
  };
}

function outcomeOf(statusCode: number): SendOutcome {
  const detail = `HTTP ${statusCode}`;
  if (statusCode >= 200 && statusCode < 300) return { detail };
  return { loss: statusCode === tooManyRequests ? 'rate_limited' : 'refused', detail };
}

async function post(
  url: string,
  { body, dispatcher }: { body: string | Uint8Array; dispatcher: Agent },
): Promise<TransportMakeRequestResponse> {
  const response = await request(url, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/x-sentry-envelope' },
    body,
    signal: AbortSignal.timeout(timeoutMs),
  });
  await response.body.dump();
  const text = (name: string) => response.headers[name]?.toString() ?? null;
  return {
    statusCode: response.statusCode,
    headers: { 'x-sentry-rate-limits': text('x-sentry-rate-limits'), 'retry-after': text('retry-after') },
  };
}
