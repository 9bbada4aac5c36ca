import { cssColor, serviceColor } from '../../ui/series-colors.ts';
import type { WaterfallLayout } from './waterfall-layout.ts';

interface MinimapArea {
  layout: WaterfallLayout;
  width: number;
  height: number;
  /** Colours depend on it. */
  scheme: 'light' | 'dark';
}

const paddingPixels = 4;
const rowPixelLimit = 5;

/** Draws every span as a thin bar, rows squeezed into the height. */
export function paintMinimap(canvas: HTMLCanvasElement, area: MinimapArea): void {
  const { layout, width, height } = area;
  const context = scaledContext(canvas, { width, height });
  if (context === null) return;
  const colors = new Map<string, string>();
  const rowPixels = Math.min(rowPixelLimit, (height - 2 * paddingPixels) / Math.max(1, layout.rows.length));
  const barPixels = Math.max(1, rowPixels * 0.7);
  const bad = cssColor('var(--bad-fill)');
  layout.rows.forEach((row, index) => {
    const { serviceName, status } = row.span;
    let color = colors.get(serviceName);
    if (color === undefined) {
      color = cssColor(serviceColor(serviceName));
      colors.set(serviceName, color);
    }
    context.fillStyle = status === 'error' ? bad : color;
    const left = (row.startNano / layout.durationNano) * width;
    const length = Math.max(1.5, (row.durationNano / layout.durationNano) * width);
    context.fillRect(left, paddingPixels + index * rowPixels, length, barPixels);
  });
}

function scaledContext(
  canvas: HTMLCanvasElement,
  size: { width: number; height: number },
): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(size.width * ratio);
  canvas.height = Math.round(size.height * ratio);
  canvas.style.width = `${size.width}px`;
  canvas.style.height = `${size.height}px`;
  const context = canvas.getContext('2d');
  context?.scale(ratio, ratio);
  return context;
}
