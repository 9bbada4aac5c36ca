import type { Telemetry } from '@ibex/telemetry';
import type { CallReport } from '../providers/call-report.ts';
import type { CallSink } from './call-end.ts';

/** Observes the wait between two pieces of a stream. */
export type GapMeasure = (report: CallReport, seconds: number) => void;

/** The operations the metrics tell apart; counting tokens is none of the conventions'. */
function operationOf(dialect: string): 'chat' | 'text_completion' | 'embeddings' | 'other' {
  if (dialect === 'embeddings') return 'embeddings';
  if (dialect === 'completions') return 'text_completion';
  return dialect === 'count_tokens' ? 'other' : 'chat';
}

export function measureGaps({ metrics }: Telemetry): GapMeasure {
  const gap = metrics.histogram('gen_ai_client_operation_time_per_output_chunk_seconds');
  return ({ served, origin }, seconds) => {
    const provider = served?.provider ?? 'other';
    gap.observe(
      { gen_ai_operation_name: operationOf(origin.dialect), gen_ai_provider_name: provider },
      seconds,
    );
  };
}

/** Moves the metrics of the GenAI conventions. Tokens are those a provider counted: an estimate is no usage. */
export function measureGenAi({ metrics }: Telemetry): CallSink {
  const duration = metrics.histogram('gen_ai_client_operation_duration_seconds');
  const tokens = metrics.histogram('gen_ai_client_token_usage');
  const firstChunk = metrics.histogram('gen_ai_client_operation_time_to_first_chunk_seconds');
  return ({ served, report, durationSeconds, ttfbSeconds, streamStarted }) => {
    const operation = operationOf(report.origin.dialect);
    const call = { gen_ai_operation_name: operation, gen_ai_provider_name: served.provider };
    duration.observe({ ...call, gen_ai_request_model: served.label }, durationSeconds);
    const { usage, usageSource } = report.answer;
    if (usage !== undefined && usageSource === 'provider') {
      tokens.observe({ ...call, gen_ai_token_type: 'input' }, usage.inputTokens);
      tokens.observe({ ...call, gen_ai_token_type: 'output' }, usage.outputTokens);
    }
    if (streamStarted && ttfbSeconds !== undefined) firstChunk.observe(call, ttfbSeconds);
  };
}
