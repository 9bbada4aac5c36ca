import { useLocalStorage } from '@mantine/hooks';

const narrowest = 180;
const widest = 900;

/** The width of the column of names, which a reader may drag; kept in this browser. */
export interface NameWidth {
  pixels: number;
  set: (pixels: number) => void;
}

/** Reads and keeps the width, within sane bounds. */
export function useNameWidth(): NameWidth {
  const [stored, setStored] = useLocalStorage({ key: 'ibex.nameWidth', defaultValue: 380 });
  const pixels = Number.isFinite(stored) ? bounded(stored) : 380;
  return { pixels, set: (next) => setStored(bounded(next)) };
}

function bounded(pixels: number): number {
  return Math.round(Math.min(widest, Math.max(narrowest, pixels)));
}
