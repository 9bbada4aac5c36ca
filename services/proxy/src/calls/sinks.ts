import type { Telemetry } from '@ibex/telemetry';
import { runAtOnce } from '@ibex/telemetry/context';
import { keep } from '@ibex/telemetry/traces';
import type { CallEnd, CallSink } from './call-end.ts';
import { measureProvider, measureStream, measureUsage } from './measure-call.ts';
import { measureGenAi } from './measure-gen-ai.ts';

/** What the span of a stream says beside what that of any call does. */
function streamAttributes({ report: { answer, pace }, ttfbSeconds, outcome }: CallEnd) {
  return {
    'provider.chunk_count': answer.chunkCount,
    'provider.ttfb_seconds': ttfbSeconds,
    'gen_ai.response.time_to_first_chunk': ttfbSeconds,
    'ibex.stream_outcome': outcome,
    'ibex.stream_upstream_wait_seconds': pace.upstreamWaitMs / 1000,
    'ibex.stream_client_wait_seconds': pace.clientWaitMs / 1000,
    'ibex.stream_stall_count': pace.upstreamStalls + pace.clientStalls,
    'ibex.stream_longest_gap_seconds': pace.longestGapMs / 1000,
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
    'ibex.attempt_count': report.attemptCount,
    'provider.input_tokens': answer.usage?.inputTokens,
    'provider.output_tokens': answer.usage?.outputTokens,
    'gen_ai.usage.input_tokens': answer.usage?.inputTokens,
    'gen_ai.usage.output_tokens': answer.usage?.outputTokens,
    'gen_ai.usage.cache_read.input_tokens': answer.usage?.cacheReadTokens,
    'gen_ai.usage.cache_creation.input_tokens': answer.usage?.cacheWriteTokens,
    'gen_ai.usage.reasoning.output_tokens': answer.usage?.reasoningTokens,
    'gen_ai.response.id': answer.responseId,
    'gen_ai.response.model': answer.responseModel,
    'gen_ai.response.finish_reasons': answer.finishReasons.length > 0 ? answer.finishReasons : undefined,
    'ibex.usage_source': answer.usageSource,
    'ibex.cost_usd_micros': end.costMicros,
    'error.type': failure?.kind,
    error_code: failure?.toApiError().code,
  });
  if (end.streamStarted) span.setAttributes(streamAttributes(end));
  if (failure !== undefined && failure.callStatus !== 'cancelled') {
    span.setStatus('error', failure.telemetryMessage);
    // The client has a 200 already: nothing else would say that this request failed.
    if (end.streamStarted) keep('stream_failed', span);
  }
  span.end();
}

function logFields({ report, outcome, failure, served, costMicros }: CallEnd) {
  const { usage, usageSource } = report.answer;
  return {
    provider: served.provider,
    model: report.origin.model,
    input_tokens: usage?.inputTokens,
    output_tokens: usage?.outputTokens,
    usage_source: usageSource,
    cost_usd_micros: costMicros,
    outcome,
    ...(failure === undefined ? {} : { error_code: failure.toApiError().code }),
  };
}

/**
 * Hands the request's end-of-request line and server span what they are to say about the call. When its client has left
 * that line is written already, and the call gets one of its own.
 */
function describeRequest({ logger }: Telemetry): CallSink {
  return (end) => {
    const { origin, clientLeft } = end.report;
    const { record } = origin;
    if (record === undefined) return;
    if (clientLeft) {
      runAtOnce({ request: record, span: record.span }, () =>
        logger.info('call ended after its client had left', logFields(end)),
      );
      return;
    }
    record.outcome = end.outcome;
    record.logFields = { ...record.logFields, ...logFields(end) };
  };
}

/** What telemetry makes of the end of a call: metrics, span and log line, all from the one record. */
export function createTelemetrySinks(telemetry: Telemetry): readonly CallSink[] {
  return [
    measureProvider(telemetry),
    measureUsage(telemetry),
    measureStream(telemetry),
    measureGenAi(telemetry),
    endSpan,
    describeRequest(telemetry),
  ];
}
