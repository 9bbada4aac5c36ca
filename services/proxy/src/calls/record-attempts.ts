import type { Telemetry } from '@ibex/telemetry';
import { runInScope } from '@ibex/telemetry/context';
import type { Span } from '@ibex/telemetry/traces';
import type { ProviderFailure } from '../providers/failure.ts';
import type { StartAttempt } from '../routing/attempt.ts';

function resultOf(end: ProviderFailure | 'lost' | undefined) {
  if (end === undefined) return 'ok';
  return end === 'lost' ? 'lost' : end.callStatus;
}

function endSpan(span: Span, end: ProviderFailure | 'lost' | undefined): void {
  if (end === 'lost') span.setAttribute('error.type', 'lost');
  else if (end !== undefined) {
    span.setAttributes({ 'error.type': end.kind, error_code: end.toApiError().code });
    if (end.callStatus !== 'cancelled') span.setStatus('error', end.telemetryMessage);
  }
  span.end();
}

/** Gives every attempt a span `provider.attempt`, with a `traceparent` of its own upstream, and counts it by its result. */
export function recordAttempts({ tracer, metrics }: Telemetry): StartAttempt {
  const attempts = metrics.counter('ibex_proxy_provider_attempts_total');
  return ({ provider, model }, { number, kind }) => {
    const span = tracer.startSpan('provider.attempt', {
      kind: 'client',
      attributes: {
        'provider.name': provider,
        'provider.model': model,
        'ibex.attempt': number,
        'ibex.attempt_kind': kind,
      },
    });
    let ended = false;
    return {
      run: (ask) => runInScope({ span }, ask),
      end(result) {
        if (ended) return;
        ended = true;
        attempts.increment({ provider, kind, result: resultOf(result) });
        endSpan(span, result);
      },
    };
  };
}
