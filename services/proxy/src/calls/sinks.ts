import type { Telemetry } from '@ibex/telemetry';
import { keep } from '@ibex/telemetry/traces';
import type { CallEnd, CallSink } from './call-end.ts';

/** Moves the provider metrics. */
function createMeasure({ metrics }: Telemetry): CallSink {
  const requests = metrics.counter('provider_requests_total');
  const duration = metrics.histogram('provider_request_duration_seconds');
  const tokens = metrics.counter('provider_tokens_total');
  const ttfb = metrics.histogram('provider_stream_ttfb_seconds');
  const chunks = metrics.counter('provider_stream_chunks_total');
  const streamDuration = metrics.histogram('provider_stream_duration_seconds');
  return (end) => {
    const call = { provider: end.served.provider, model: end.served.label };
    requests.increment({ ...call, operation: end.operation, status: end.status });
    duration.observe({ ...call, operation: end.operation }, end.durationSeconds);
    const { usage, chunkCount } = end.report.answer;
    if (usage !== undefined) {
      tokens.increment({ ...call, type: 'input' }, usage.inputTokens);
      tokens.increment({ ...call, type: 'output' }, usage.outputTokens);
    }
    if (!end.streamStarted) return;
    if (end.ttfbSeconds !== undefined) ttfb.observe(call, end.ttfbSeconds);
    chunks.increment(call, chunkCount);
    streamDuration.observe(call, end.durationSeconds);
  };
}

/** Completes and ends the provider span. */
function endSpan(end: CallEnd): void {
  const { report, span, failure, served } = end;
  const { answer } = report;
  span.setAttributes({
    'provider.name': served.provider,
    'provider.model': served.model,
    'gen_ai.provider.name': served.provider,
    'provider.input_tokens': answer.usage?.inputTokens,
    'provider.output_tokens': answer.usage?.outputTokens,
    'gen_ai.usage.input_tokens': answer.usage?.inputTokens,
    'gen_ai.usage.output_tokens': answer.usage?.outputTokens,
    'gen_ai.response.id': answer.responseId,
    'gen_ai.response.model': answer.responseModel,
    'gen_ai.response.finish_reasons': answer.finishReasons.length > 0 ? answer.finishReasons : undefined,
    'ibex.usage_source': answer.usageSource,
    'error.type': failure?.kind,
  });
  if (end.streamStarted) {
    span.setAttributes({
      'provider.chunk_count': answer.chunkCount,
      'provider.ttfb_seconds': end.ttfbSeconds,
      'ibex.stream_outcome': end.outcome,
    });
  }
  if (failure !== undefined && failure.kind !== 'client_left') {
    span.setStatus('error', failure.telemetryMessage);
    // The client has a 200 already: nothing else would say that this request failed.
    if (end.streamStarted) keep('stream_failed', span);
  }
  span.end();
}

/** Hands the request's end-of-request line and server span what they are to say about the call. */
function describeRequest({ report, outcome, failure, served }: CallEnd): void {
  const { record, model } = report.origin;
  if (record === undefined) return;
  const { usage, usageSource } = report.answer;
  record.outcome = outcome;
  record.logFields = {
    ...record.logFields,
    provider: served.provider,
    model,
    input_tokens: usage?.inputTokens,
    output_tokens: usage?.outputTokens,
    usage_source: usageSource,
    outcome,
    ...(failure === undefined ? {} : { error_code: failure.toApiError().code }),
  };
}

/** What telemetry makes of the end of a call: metrics, span and log line, all from the one record. */
export function createTelemetrySinks(telemetry: Telemetry): readonly CallSink[] {
  return [createMeasure(telemetry), endSpan, describeRequest];
}
