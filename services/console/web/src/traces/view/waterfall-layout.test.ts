import { describe, expect, it } from 'vitest';
import { testSpan } from '../../testing/spans.ts';
import { ancestorsOf, layoutTrace, selfTime, visibleRows } from './waterfall-layout.ts';

const order = (layout: ReturnType<typeof layoutTrace>) =>
  layout.rows.map((row) => `${'.'.repeat(row.depth)}${row.span.spanId}`);

describe('the tree', () => {
  it('is depth first, by start, whatever the order of arrival', () => {
    const layout = layoutTrace([
      testSpan('c', 'a', { startMs: 5, durationMs: 2 }),
      testSpan('d', 'b', { startMs: 2, durationMs: 1 }),
      testSpan('a', null, { durationMs: 10 }),
      testSpan('b', 'a', { startMs: 1, durationMs: 3, status: 'error' }),
    ]);
    expect(order(layout)).toEqual(['a', '.b', '..d', '.c']);
    expect(layout.rows.map((row) => row.startNano)).toEqual([0, 1e6, 2e6, 5e6]);
    expect(layout.rows[0]).toMatchObject({ subtreeSize: 4, childCount: 2, errorsBelow: 1, parent: -1 });
    expect(layout.durationNano).toBe(10e6);
  });

  it('keeps a span whose parent is missing, and says so', () => {
    const layout = layoutTrace([testSpan('a', null), testSpan('b', 'gone', { startMs: 3 })]);
    expect(order(layout)).toEqual(['a', 'b']);
    expect(layout.rows[1]?.mark).toBe('missing-parent');
  });

  it('cuts a cycle at its earliest span and loses nothing', () => {
    const layout = layoutTrace([
      testSpan('a', null),
      testSpan('x', 'z', { startMs: 1 }),
      testSpan('y', 'x', { startMs: 2 }),
      testSpan('z', 'y', { startMs: 3 }),
      testSpan('self', 'self', { startMs: 4 }),
    ]);
    expect(order(layout)).toEqual(['a', 'x', '.y', '..z', 'self']);
    expect(layout.rows.map((row) => row.mark)).toEqual(['none', 'cycle', 'none', 'none', 'cycle']);
  });

  it('gives two spans with one id a row each', () => {
    const layout = layoutTrace([testSpan('a', null), testSpan('b', 'a'), testSpan('b', 'a', { startMs: 1 })]);
    expect(layout.rows).toHaveLength(3);
    expect(layout.rowOfSpan.get('b')).toBe(1);
  });

  it('takes ten thousand spans one below the other', () => {
    const spans = Array.from({ length: 10_000 }, (_, i) => testSpan(`s${i}`, i === 0 ? null : `s${i - 1}`));
    const layout = layoutTrace(spans);
    expect(layout.rows.at(-1)?.depth).toBe(9_999);
    expect(layout.rows[0]?.subtreeSize).toBe(10_000);
    expect(ancestorsOf(layout, 9_999)).toHaveLength(9_999);
  });

  it('is empty for an empty trace and survives a malformed instant', () => {
    expect(layoutTrace([]).rows).toEqual([]);
    expect(layoutTrace([testSpan('a', null, { startTimeUnixNano: 'x' })]).rows).toHaveLength(1);
  });
});

describe('closed subtrees', () => {
  it('hide everything below', () => {
    const layout = layoutTrace([
      testSpan('a', null),
      testSpan('b', 'a', { startMs: 1 }),
      testSpan('c', 'b', { startMs: 2 }),
      testSpan('d', 'a', { startMs: 3 }),
    ]);
    expect(visibleRows(layout, new Set())).toEqual([0, 1, 2, 3]);
    expect(visibleRows(layout, new Set(['b']))).toEqual([0, 1, 3]);
    expect(visibleRows(layout, new Set(['a', 'b']))).toEqual([0]);
  });
});

describe('clocks that disagree', () => {
  const client = testSpan('client', null, { durationMs: 100, kind: 'client' });
  const remote = { kind: 'server', serviceName: 'auth', durationMs: 40 } as const;

  it('move a called service into its call, and its children along', () => {
    const layout = layoutTrace([
      client,
      testSpan('server', 'client', { ...remote, startMs: -500 }),
      testSpan('query', 'server', { startMs: -495, durationMs: 5, serviceName: 'auth' }),
    ]);
    expect(layout.rows.map((row) => row.startNano / 1e6)).toEqual([0, 30, 35]);
    expect(layout.skewedCount).toBe(2);
    expect(layout.durationNano).toBe(100e6);
    expect(layout.startUnixNano).toBe(1_772_539_445_000_000_000n);
  });

  it('leave alone what fits, what is longer than its call, and what is no call', () => {
    const fits = layoutTrace([client, testSpan('s', 'client', { ...remote, startMs: 10 })]);
    const longer = layoutTrace([
      client,
      testSpan('s', 'client', { ...remote, startMs: -5, durationMs: 400 }),
    ]);
    const consumer = layoutTrace([
      testSpan('p', null, { kind: 'producer' }),
      testSpan('c', 'p', { kind: 'consumer', serviceName: 'worker', startMs: 5000 }),
    ]);
    expect([fits, longer, consumer].map((layout) => layout.skewedCount)).toEqual([0, 0, 0]);
  });
});

describe('time spent in the span itself', () => {
  it('leaves out what children cover, overlaps once', () => {
    const layout = layoutTrace([
      testSpan('a', null, { durationMs: 100 }),
      testSpan('b', 'a', { startMs: 10, durationMs: 30 }),
      testSpan('c', 'a', { startMs: 20, durationMs: 40 }),
      testSpan('d', 'a', { startMs: 90, durationMs: 50 }),
    ]);
    expect(selfTime(layout, 0)).toBe(40e6);
    expect(selfTime(layout, 1)).toBe(30e6);
    expect(selfTime(layout, 99)).toBe(0);
  });
});
