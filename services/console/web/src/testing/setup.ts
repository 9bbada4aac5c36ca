import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// jsdom lays nothing out, so it lacks what layout would tell: every element is 1000 by 600 here.
window.matchMedia = (query) => ({
  matches: false,
  media: query,
  onchange: null,
  addListener: () => undefined,
  removeListener: () => undefined,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  dispatchEvent: () => false,
});
window.ResizeObserver = class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};
Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 600 });
Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 1000 });
window.scrollTo = () => undefined;
window.HTMLElement.prototype.scrollTo = () => undefined;
// Charts are looked at in a real browser; here they only must not throw.
vi.mock('uplot', () => ({ default: undefined }));
vi.mock('../ui/chart/use-plot.ts', () => ({ usePlot: () => ({ current: null }) }));
window.HTMLCanvasElement.prototype.getContext = () => null;

// Machines that run everything at once are slow; waiting costs nothing when they are not.
configure({ asyncUtilTimeout: 15_000 });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
