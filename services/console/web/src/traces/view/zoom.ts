/** The visible part of a trace, as shares of its duration. */
export interface Zoom {
  from: number;
  to: number;
}

export const wholeTrace: Zoom = { from: 0, to: 1 };

const narrowest = 1e-5;

/** Reads `0.25-0.5`; what makes no sense shows the whole trace. */
export function parseZoom(text: string | undefined): Zoom {
  const [from, to] = (text ?? '').split('-').map(Number);
  if (from === undefined || to === undefined || !(to - from >= narrowest) || from < 0 || to > 1)
    return wholeTrace;
  return { from, to };
}

/** The reverse of `parseZoom`; undefined for the whole trace, so that the address stays short. */
export function zoomText(zoom: Zoom): string | undefined {
  const from = Math.max(0, Math.min(zoom.from, zoom.to));
  const to = Math.min(1, Math.max(zoom.from, zoom.to));
  if (to - from < narrowest || (from === 0 && to === 1)) return undefined;
  return `${shortShare(from)}-${shortShare(to)}`;
}

function shortShare(share: number): string {
  return String(Number(share.toFixed(6)));
}

/** Where a bar lies in the visible part, in per cent; undefined when it is outside. */
export function barPlace(
  bar: { startNano: number; durationNano: number },
  view: { durationNano: number; zoom: Zoom },
): { left: number; width: number } | undefined {
  const { zoom, durationNano } = view;
  const scale = 100 / (durationNano * (zoom.to - zoom.from));
  const left = (bar.startNano - zoom.from * durationNano) * scale;
  const right = left + bar.durationNano * scale;
  if (right < 0 || left > 100) return undefined;
  const cutLeft = Math.max(0, left);
  return { left: cutLeft, width: Math.min(100, right) - cutLeft };
}

/** Round instants to mark on the ruler, in nanoseconds from the start of the trace; about `count` of them. */
export function rulerTicks(view: { durationNano: number; zoom: Zoom }, count: number): number[] {
  const start = view.zoom.from * view.durationNano;
  const length = (view.zoom.to - view.zoom.from) * view.durationNano;
  const step = roundStep(length / count);
  const first = Math.ceil(start / step) * step;
  const ticks: number[] = [];
  for (let tick = first; tick <= start + length && ticks.length < 20; tick += step) ticks.push(tick);
  return ticks;
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  return factor * power;
}

/** The zoom after a key: `+` and `-` around the middle, arrows along the trace, Escape back to all of it. */
export function zoomByKey(zoom: Zoom, key: string): Zoom | undefined {
  const width = zoom.to - zoom.from;
  switch (key) {
    case '+':
    case '=':
      return around(zoom, Math.max(narrowest * 10, width / 2));
    case '-':
      return around(zoom, Math.min(1, width * 2));
    case 'ArrowLeft':
      return moved(zoom, -width / 4);
    case 'ArrowRight':
      return moved(zoom, width / 4);
    case 'Escape':
      return wholeTrace;
    default:
      return undefined;
  }
}

function around(zoom: Zoom, width: number): Zoom {
  const middle = (zoom.from + zoom.to) / 2;
  return moved({ from: middle - width / 2, to: middle + width / 2 }, 0);
}

/** Moves a part of the trace, and stops at its ends. */
function moved(zoom: Zoom, by: number): Zoom {
  const width = zoom.to - zoom.from;
  const from = Math.min(1 - width, Math.max(0, zoom.from + by));
  return { from, to: from + width };
}
