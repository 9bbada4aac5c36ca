// Takes spans as a collector would and adds them up by name; speaks with its parent over IPC.

import { startOtlpGrpcSink } from '../../../packages/telemetry/src/testing/otlp-grpc-sink.ts';
import type { DecodedSpan } from '../../../packages/telemetry/src/testing/otlp-schema.ts';

const sumEveryMs = 200;

export interface SpanSums {
  requests: number;
  calls: number;
  inputTokens: number;
  outputTokens: number;
}

const sums: SpanSums = { requests: 0, calls: 0, inputTokens: 0, outputTokens: 0 };
const sink = await startOtlpGrpcSink();

function numberOf({ attributes }: DecodedSpan, name: string): number {
  const value = attributes.find(({ key }) => key === name)?.value ?? {};
  return Number(value.int_value ?? value.double_value ?? 0);
}

function add(span: DecodedSpan): void {
  if (span.name === 'POST /v1/chat/completions') sums.requests += 1;
  if (!/^provider\.generate(?:_stream)?$/.test(span.name)) return;
  sums.calls += 1;
  sums.inputTokens += numberOf(span, 'provider.input_tokens');
  sums.outputTokens += numberOf(span, 'provider.output_tokens');
}

function sum(): void {
  for (const { traces } of sink.received.splice(0)) for (const span of traces.spans) add(span);
}

setInterval(sum, sumEveryMs);
process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  if (message === 'exit') process.exit();
  sum();
  process.send?.(sums);
});
process.send?.({ address: sink.address });
