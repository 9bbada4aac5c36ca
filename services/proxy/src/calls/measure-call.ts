import type { Telemetry } from '@ibex/telemetry';
import type { CallEnd, CallSink } from './call-end.ts';

/** Moves the provider families. */
export function measureProvider({ metrics }: Telemetry): CallSink {
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

/** Moves the proxy's own metrics of calls: tokens by who counted them, and what the gateway itself took. */
export function measureUsage({ metrics }: Telemetry): CallSink {
  const calls = metrics.counter('ibex_proxy_call_usage_total');
  const tokens = metrics.counter('ibex_proxy_tokens_total');
  const cost = metrics.counter('ibex_proxy_cost_usd_micros_total');
  const overhead = metrics.histogram('ibex_proxy_overhead_duration_seconds');
  return ({ served: { provider, label: model }, report, overheadSeconds, costMicros }) => {
    const { usage, usageSource: source } = report.answer;
    overhead.observe({ dialect: report.origin.dialect }, overheadSeconds);
    calls.increment({ provider, source });
    if (costMicros) cost.increment({ provider, model }, costMicros);
    if (usage === undefined || source === 'absent') return;
    const counts = [
      ['input', usage.inputTokens],
      ['output', usage.outputTokens],
      ['cache_read', usage.cacheReadTokens],
      ['cache_write', usage.cacheWriteTokens],
      ['reasoning', usage.reasoningTokens],
    ] as const;
    for (const [type, count] of counts) if (count) tokens.increment({ provider, source, type }, count);
  };
}

type StreamOutcome = Exclude<CallEnd['outcome'], 'refused' | 'rejected'>;

/** Moves the metrics of streams: how they ended, and who was waited for. */
export function measureStream({ metrics }: Telemetry): CallSink {
  const outcomes = metrics.counter('ibex_proxy_stream_outcomes_total');
  const stalls = metrics.counter('ibex_proxy_stream_stalls_total');
  const waits = metrics.counter('ibex_proxy_stream_wait_seconds_total');
  return ({ served: { provider }, outcome, streamStarted, report: { pace } }) => {
    if (!streamStarted) return;
    // A stream that had begun was not refused: what the gateway threw in it is an error in the band.
    const isNone = outcome === 'refused' || outcome === 'rejected';
    const ended: StreamOutcome = isNone ? 'in_band_error' : outcome;
    outcomes.increment({ provider, outcome: ended });
    waits.increment({ provider, side: 'upstream' }, pace.upstreamWaitMs / 1000);
    waits.increment({ provider, side: 'client' }, pace.clientWaitMs / 1000);
    if (pace.upstreamStalls > 0) stalls.increment({ provider, side: 'upstream' }, pace.upstreamStalls);
    if (pace.clientStalls > 0) stalls.increment({ provider, side: 'client' }, pace.clientStalls);
  };
}
