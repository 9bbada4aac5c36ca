import { type PointerEvent, type ReactElement, useRef } from 'react';
import { formatDuration } from '../../ui/format.ts';
import styles from './time-ruler.module.css';
import type { NameWidth } from './use-name-width.ts';
import type { WaterfallLayout } from './waterfall-layout.ts';
import { rulerTicks, type Zoom } from './zoom.ts';

interface TimeRulerProps {
  layout: WaterfallLayout;
  zoom: Zoom;
  nameWidth: NameWidth;
}

// A label further right would leave the panel.
const labelShare = 0.93;

/** Time since the start of the trace, above the bars; its left edge sets the width of the names. */
export function TimeRuler({ layout, zoom, nameWidth }: TimeRulerProps): ReactElement {
  const view = { durationNano: layout.durationNano, zoom };
  const start = zoom.from * layout.durationNano;
  const length = (zoom.to - zoom.from) * layout.durationNano;
  return (
    <div className={styles.ruler}>
      <div className={styles.name}>Service and operation</div>
      <ColumnEdge nameWidth={nameWidth} />
      <div className={styles.ticks} aria-hidden="true">
        {rulerTicks(view, 6).map((tick) => (
          <span key={tick} className={styles.tick} style={{ left: `${((tick - start) / length) * 100}%` }}>
            {(tick - start) / length < labelShare && formatDuration(tick)}
          </span>
        ))}
      </div>
    </div>
  );
}

function ColumnEdge({ nameWidth }: { nameWidth: NameWidth }): ReactElement {
  const drag = useRef<{ x: number; pixels: number } | null>(null);

  function move(event: PointerEvent<HTMLElement>): void {
    if (drag.current !== null) nameWidth.set(drag.current.pixels + event.clientX - drag.current.x);
  }

  return (
    <button
      type="button"
      className={styles.edge}
      aria-label={`Width of the names: ${nameWidth.pixels} pixels. Arrow keys change it`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, pixels: nameWidth.pixels };
      }}
      onPointerMove={move}
      onPointerUp={() => {
        drag.current = null;
      }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') nameWidth.set(nameWidth.pixels - 20);
        if (event.key === 'ArrowRight') nameWidth.set(nameWidth.pixels + 20);
      }}
    />
  );
}
