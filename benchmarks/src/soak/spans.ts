// Takes spans as a collector would and adds them up by name; speaks with its parent over IPC.
import { startSpanSink } from '../harness/span-sink.ts';
import { type ReadSpan, readSpans } from './read-spans.ts';

export interface SpanSums {
  requests: number;
  calls: number;
  inputTokens: number;
  outputTokens: number;
}

const sums: SpanSums = { requests: 0, calls: 0, inputTokens: 0, outputTokens: 0 };

function add({ name, inputTokens, outputTokens }: ReadSpan): void {
  if (name === 'POST /v1/chat/completions') sums.requests += 1;
  if (!/^provider\.generate(?:_stream)?$/.test(name)) return;
  sums.calls += 1;
  sums.inputTokens += inputTokens;
  sums.outputTokens += outputTokens;
}

const port = await startSpanSink((request) => {
  for (const span of readSpans(request)) add(span);
});
process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  if (message === 'exit') process.exit();
  process.send?.(sums);
});
process.send?.({ address: `127.0.0.1:${port}` });
