import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type PointerEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import styles from './minimap.module.css';
import { paintMinimap } from './minimap-painter.ts';
import type { WaterfallLayout } from './waterfall-layout.ts';
import { type Zoom, zoomByKey } from './zoom.ts';

interface MinimapProps {
  layout: WaterfallLayout;
  zoom: Zoom;
  onZoom: (zoom: Zoom) => void;
}

const heightPixels = 56;

/** The whole trace at a glance; dragging across it shows that part below, and so do keys. */
export function Minimap({ layout, zoom, onZoom }: MinimapProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { ref, width } = useElementSize<HTMLButtonElement>();
  const scheme = useComputedColorScheme('light');
  const [drag, setDrag] = useState<Zoom | null>(null);

  useEffect(() => {
    if (canvas.current !== null && width > 0)
      paintMinimap(canvas.current, { layout, width, height: heightPixels, scheme });
  }, [layout, width, scheme]);

  const shown =
    drag === null ? zoom : { from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) };
  return (
    <div className={styles.minimap}>
      <button
        ref={ref}
        type="button"
        className={styles.area}
        aria-label="Overview of the trace. Plus and minus zoom, arrows move, Escape shows all"
        title="Drag to zoom, double-click for the whole trace"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const share = shareOf(event);
          setDrag({ from: share, to: share });
        }}
        onPointerMove={(event) => {
          if (drag !== null) setDrag({ from: drag.from, to: shareOf(event) });
        }}
        onPointerUp={() => {
          if (drag !== null && Math.abs(drag.to - drag.from) > 0.003) onZoom(drag);
          setDrag(null);
        }}
        onPointerCancel={() => setDrag(null)}
        onDoubleClick={() => onZoom({ from: 0, to: 1 })}
        onKeyDown={(event) => {
          const next = zoomByKey(zoom, event.key);
          if (next === undefined) return;
          event.preventDefault();
          onZoom(next);
        }}
      >
        <canvas ref={canvas} />
        {shown.from > 0 && (
          <span className={styles.shade} style={{ left: 0, width: `${shown.from * 100}%` }} />
        )}
        {shown.to < 1 && <span className={styles.shade} style={{ left: `${shown.to * 100}%`, right: 0 }} />}
      </button>
    </div>
  );
}

function shareOf(event: PointerEvent<HTMLElement>): number {
  const box = event.currentTarget.getBoundingClientRect();
  return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
}
