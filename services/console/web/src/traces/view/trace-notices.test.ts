import { describe, expect, it } from 'vitest';
import { testSpan } from '../../testing/spans.ts';
import { noticesOf } from './trace-notices.ts';
import { layoutTrace } from './waterfall-layout.ts';

function notices(
  spans: ReturnType<typeof testSpan>[],
  facts = { truncated: false, spanCount: spans.length },
) {
  return noticesOf({ ...facts, spans }, layoutTrace(spans));
}

describe('notices about a trace', () => {
  it('are none when all is in order', () => {
    expect(notices([testSpan('a', null), testSpan('b', 'a')])).toEqual([]);
  });

  it('name what is cut, hung elsewhere, or moved', () => {
    const spans = [
      testSpan('a', null, { kind: 'client', durationMs: 100 }),
      testSpan('b', 'a', { kind: 'server', serviceName: 'auth', startMs: -500 }),
      testSpan('c', 'gone'),
    ];
    expect(notices(spans, { truncated: true, spanCount: 12_000 })).toEqual([
      'The trace has 12000 spans; the earliest 3 are shown.',
      'One span has no parent in this trace and stands at the top level.',
      'The clocks of the hosts disagree: one span was moved into the call that caused it.',
    ]);
  });
});
