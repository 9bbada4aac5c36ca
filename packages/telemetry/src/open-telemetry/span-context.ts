import {
  type SpanContext as ApiSpanContext,
  createTraceState,
  isSpanContextValid,
  TraceFlags,
} from '@opentelemetry/api';
import type { SpanContext } from '../traces/span.ts';

/** Of level 2; the API has no name for it. */
const randomTraceIdFlag = 0x02;

/** Our span context in the API's form. */
export function toApiSpanContext(context: SpanContext, isRemote = false): ApiSpanContext {
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    traceFlags:
      (context.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE) |
      (context.randomTraceId === true ? randomTraceIdFlag : 0),
    ...(context.traceState === '' ? {} : { traceState: createTraceState(context.traceState) }),
    ...(isRemote ? { isRemote } : {}),
  };
}

/** The API's span context in our form; undefined when its ids are not valid. */
export function fromApiSpanContext(context: ApiSpanContext | undefined): SpanContext | undefined {
  if (context === undefined || !isSpanContextValid(context)) return undefined;
  return {
    traceId: context.traceId.toLowerCase(),
    spanId: context.spanId.toLowerCase(),
    sampled: (context.traceFlags & TraceFlags.SAMPLED) !== 0,
    traceState: context.traceState?.serialize() ?? '',
    randomTraceId: (context.traceFlags & randomTraceIdFlag) !== 0,
  };
}
