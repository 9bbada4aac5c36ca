import type { Collapsing } from './use-collapsed.ts';
import type { WaterfallLayout } from './waterfall-layout.ts';

export type WaterfallAction =
  | { kind: 'move'; row: number }
  | { kind: 'fold'; closed: boolean }
  | { kind: 'select' }
  | { kind: 'close' };

interface KeyPlace {
  layout: WaterfallLayout;
  collapsing: Pick<Collapsing, 'collapsed' | 'visible'>;
  active: number;
}

const pageRows = 15;

/** What a key means in the tree, by the conventions for trees: arrows move and fold, Enter opens, Escape closes. */
export function waterfallKeyAction(key: string, place: KeyPlace): WaterfallAction | undefined {
  const { visible } = place.collapsing;
  const at = Math.max(0, visible.indexOf(place.active));
  switch (key) {
    case 'ArrowDown':
      return move(visible[at + 1]);
    case 'ArrowUp':
      return move(visible[at - 1]);
    case 'PageDown':
      return move(visible[Math.min(visible.length - 1, at + pageRows)]);
    case 'PageUp':
      return move(visible[Math.max(0, at - pageRows)]);
    case 'Home':
      return move(visible[0]);
    case 'End':
      return move(visible.at(-1));
    case 'ArrowRight':
      return openOrEnter(place);
    case 'ArrowLeft':
      return closeOrLeave(place);
    case 'Enter':
    case ' ':
      return { kind: 'select' };
    case 'Escape':
      return { kind: 'close' };
    default:
      return undefined;
  }
}

function move(row: number | undefined): WaterfallAction | undefined {
  return row === undefined ? undefined : { kind: 'move', row };
}

function openOrEnter({ layout, collapsing, active }: KeyPlace): WaterfallAction | undefined {
  const row = layout.rows[active];
  if (row === undefined || row.childCount === 0) return undefined;
  return collapsing.collapsed.has(row.span.spanId) ? { kind: 'fold', closed: false } : move(active + 1);
}

function closeOrLeave({ layout, collapsing, active }: KeyPlace): WaterfallAction | undefined {
  const row = layout.rows[active];
  if (row === undefined) return undefined;
  const open = row.childCount > 0 && !collapsing.collapsed.has(row.span.spanId);
  if (open) return { kind: 'fold', closed: true };
  return row.parent < 0 ? undefined : move(row.parent);
}
