import type { Telemetry } from '@ibex/telemetry';
import { keep } from '@ibex/telemetry/traces';
import type { CallEnd } from './provider-call.ts';

export type RecordCall = (end: CallEnd) => void;

/** Moves the provider metrics. */
function createMeasure({ metrics }: Telemetry): RecordCall {
  const requests = metrics.counter('provider_requests_total');
  const duration = metrics.histogram('provider_request_duration_seconds');
  const tokens = metrics.counter('provider_tokens_total');
  const ttfb = metrics.histogram('provider_stream_ttfb_seconds');
  const chunks = metrics.counter('provider_stream_chunks_total');
  const streamDuration = metrics.histogram('provider_stream_duration_seconds');
  return (end) => {
    const call = { provider: end.provider, model: end.modelLabel };
    requests.increment({ ...call, operation: end.operation, status: end.status });
    duration.observe({ ...call, operation: end.operation }, end.durationSeconds);
    const { usage, chunkCount } = end.report;
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
  const { report, span, failure } = end;
  span.setAttributes({
    'provider.input_tokens': report.usage?.inputTokens,
    'provider.output_tokens': report.usage?.outputTokens,
    'gen_ai.usage.input_tokens': report.usage?.inputTokens,
    'gen_ai.usage.output_tokens': report.usage?.outputTokens,
    'gen_ai.response.id': report.responseId,
    'gen_ai.response.model': report.responseModel,
    'gen_ai.response.finish_reasons': report.finishReasons.length > 0 ? report.finishReasons : undefined,
    'ibex.usage_source': report.usageSource,
    'error.type': failure?.kind,
  });
  if (end.streamStarted) {
    span.setAttributes({
      'provider.chunk_count': report.chunkCount,
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
function describeRequest(end: CallEnd): void {
  const { report, request } = end;
  request.outcome = end.outcome;
  request.logFields = {
    ...request.logFields,
    provider: end.provider,
    model: end.model,
    input_tokens: report.usage?.inputTokens,
    output_tokens: report.usage?.outputTokens,
    usage_source: report.usageSource,
    outcome: end.outcome,
    ...(end.failure === undefined ? {} : { error_code: end.failure.toApiError().code }),
  };
}

/** Makes the one place where the end of a call becomes metrics, span and log line, so that the three agree. */
export function createCallRecorder(telemetry: Telemetry): RecordCall {
  const measure = createMeasure(telemetry);
  return (end) => {
    measure(end);
    endSpan(end);
    describeRequest(end);
  };
}
