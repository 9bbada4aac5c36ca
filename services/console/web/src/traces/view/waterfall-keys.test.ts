import { describe, expect, it } from 'vitest';
import { testSpan } from '../../testing/spans.ts';
import { waterfallKeyAction } from './waterfall-keys.ts';
import { layoutTrace, visibleRows } from './waterfall-layout.ts';

const layout = layoutTrace([
  testSpan('a', null),
  testSpan('b', 'a', { startMs: 1 }),
  testSpan('c', 'b', { startMs: 2 }),
  testSpan('d', 'a', { startMs: 3 }),
]);

function press(key: string, active: number, closed: string[] = []) {
  const collapsed = new Set(closed);
  return waterfallKeyAction(key, {
    layout,
    collapsing: { collapsed, visible: visibleRows(layout, collapsed) },
    active,
  });
}

describe('keys in the waterfall', () => {
  it('move over rows in view', () => {
    expect(press('ArrowDown', 1)).toEqual({ kind: 'move', row: 2 });
    expect(press('ArrowDown', 1, ['b'])).toEqual({ kind: 'move', row: 3 });
    expect(press('ArrowUp', 0)).toBeUndefined();
    expect(press('End', 0)).toEqual({ kind: 'move', row: 3 });
    expect(press('Home', 3)).toEqual({ kind: 'move', row: 0 });
    expect(press('PageDown', 0)).toEqual({ kind: 'move', row: 3 });
  });

  it('fold and unfold, then leave and enter', () => {
    expect(press('ArrowLeft', 1)).toEqual({ kind: 'fold', closed: true });
    expect(press('ArrowLeft', 1, ['b'])).toEqual({ kind: 'move', row: 0 });
    expect(press('ArrowRight', 1, ['b'])).toEqual({ kind: 'fold', closed: false });
    expect(press('ArrowRight', 1)).toEqual({ kind: 'move', row: 2 });
    expect(press('ArrowRight', 3)).toBeUndefined();
  });

  it('open and close the details, and leave other keys alone', () => {
    expect(press('Enter', 1)).toEqual({ kind: 'select' });
    expect(press('Escape', 1)).toEqual({ kind: 'close' });
    expect(press('x', 1)).toBeUndefined();
  });
});
