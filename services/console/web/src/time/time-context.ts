import { createContext, useContext } from 'react';
import type { TimeRange, TimeWindow } from './time-range.ts';

/** The time a view shows and the ways to change it. */
export interface TimeState {
  range: TimeRange;
  window: TimeWindow;
  live: boolean;
  /** Ends a relative range now, and so reads everything afresh. */
  refresh: () => void;
  setRangeToken: (token: string) => void;
  setWindow: (window: TimeWindow) => void;
  setLive: (live: boolean) => void;
}

export const TimeContext = createContext<TimeState | null>(null);

/** @throws when used outside `TimeProvider`, which is a mistake in the code. */
export function useTime(): TimeState {
  const state = useContext(TimeContext);
  if (state === null) throw new Error('useTime must be used below <TimeProvider>');
  return state;
}
