export { keep } from '../flight-recorder/keep.ts';
export { nowUnixMs } from './clock.ts';
export { formatTraceparent, parseTraceContext } from './propagation.ts';
export { createSampler, type Sampler, type SamplerSettings } from './sampler.ts';
export type {
  Attributes,
  AttributeValue,
  FinishedSpan,
  Span,
  SpanContext,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanStatus,
} from './span.ts';
export { type SpanOptions, Tracer } from './tracer.ts';
