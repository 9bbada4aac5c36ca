import { useComputedColorScheme } from '@mantine/core';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { TimeWindow } from '../../time/time-range.ts';
import { type ChartLook, chartOptions } from './chart-options.ts';

interface PlotInput {
  look: ChartLook;
  data: uPlot.AlignedData;
  window: TimeWindow;
  onCursor: (index: number | null, leftPixels: number) => void;
  onZoom: (window: TimeWindow) => void;
  /** The pointer has come to, or left, this chart; its crosshair may also be moved by a sibling. */
  onInside: (inside: boolean) => void;
}

/**
 * Keeps one plot in an element: drawn anew when its look or the colour scheme changes, otherwise fed with data and
 * resized. The returned reference gives access to the plot for highlighting.
 */
export function usePlot(
  element: RefObject<HTMLDivElement | null>,
  input: PlotInput,
): RefObject<uPlot | null> {
  const plotRef = useRef<uPlot | null>(null);
  const latest = useRef(input);
  const scheme = useComputedColorScheme('light');
  const lookKey = JSON.stringify({ ...input.look, scheme });

  useLayoutEffect(() => {
    latest.current = input;
  });

  useEffect(() => {
    const host = element.current;
    if (host === null) return;
    const look: ChartLook = JSON.parse(lookKey);
    const options = chartOptions(look, {
      window: () => latest.current.window,
      onCursor: (index, left) => latest.current.onCursor(index, left),
      onZoom: (window) => latest.current.onZoom(window),
    });
    const plot = new uPlot({ ...options, ...sizeOf(host) }, latest.current.data, host);
    plotRef.current = plot;
    plot.over.addEventListener('mouseenter', () => latest.current.onInside(true));
    plot.over.addEventListener('mouseleave', () => latest.current.onInside(false));
    const stopFollowing = followSize(plot, host);
    return () => {
      stopFollowing();
      plot.destroy();
      plotRef.current = null;
    };
  }, [element, lookKey]);

  const { data } = input;
  const { startMs, endMs } = input.window;
  useEffect(() => {
    latest.current = { ...latest.current, window: { startMs, endMs } };
    plotRef.current?.setData(data);
  }, [data, startMs, endMs]);
  return plotRef;
}

/** Redraws when the element's size changes, and once the fonts have come. */
function followSize(plot: uPlot, host: HTMLElement): () => void {
  const stopped = new AbortController();
  const observer = new ResizeObserver(() => plot.setSize(sizeOf(host)));
  observer.observe(host);
  void document.fonts?.ready.then(() => {
    if (!stopped.signal.aborted) plot.redraw(false, true);
  });
  return () => {
    stopped.abort();
    observer.disconnect();
  };
}

function sizeOf(host: HTMLElement): { width: number; height: number } {
  return { width: Math.max(60, host.clientWidth), height: Math.max(40, host.clientHeight) };
}
