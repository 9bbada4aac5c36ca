import { useMatches, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactElement, type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { TimeContext, type TimeState } from './time-context.ts';
import {
  parseTimeSearch,
  rangeOfSearch,
  searchOfWindow,
  type TimeSearch,
  windowOfRange,
} from './time-range.ts';

const chartIntervalMs = 5000;
const listIntervalMs = 2000;

/** Derives the window from the address, and moves it on refresh and while live. */
export function TimeProvider({ children }: { children: ReactNode }): ReactElement {
  const { range: token, from, to, live } = parseTimeSearch(useSearch({ strict: false }));
  // Not the location, which is already the next one while the page before is still shown.
  const pathname = useMatches({ select: (matches) => matches.at(-1)?.pathname ?? '' });
  const [nowMs, setNowMs] = useState(() => Date.now());
  const refresh = useCallback(() => setNowMs(Date.now()), []);
  const isLive = live === '1';

  // A new place or range starts from the present, not from when the page was opened.
  const place = `${pathname} ${token} ${from} ${to} ${live}`;
  const [lastPlace, setLastPlace] = useState(place);
  if (place !== lastPlace) {
    setLastPlace(place);
    setNowMs(Date.now());
  }

  useLiveClock(isLive, {
    intervalMs: isList(pathname) ? listIntervalMs : chartIntervalMs,
    tick: refresh,
  });
  const setSearch = useSetTimeSearch();
  const state = useMemo<TimeState>(() => {
    const range = rangeOfSearch({ range: token, from, to });
    return {
      range,
      window: windowOfRange(range, nowMs),
      live: isLive,
      refresh,
      setRangeToken: (next) => setSearch({ range: next, from: undefined, to: undefined }),
      setWindow: (window) => setSearch(searchOfWindow(window)),
      setLive: (on) =>
        setSearch(on ? { live: '1', from: undefined, to: undefined, range: token } : { live: undefined }),
    };
  }, [token, from, to, isLive, nowMs, refresh, setSearch]);
  return <TimeContext value={state}>{children}</TimeContext>;
}

/** Lists are watched for the next line; charts gain a point only every few seconds. */
function isList(pathname: string): boolean {
  return pathname.startsWith('/logs') || pathname.startsWith('/traces');
}

function useLiveClock(on: boolean, clock: { intervalMs: number; tick: () => void }): void {
  const { intervalMs, tick } = clock;
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => {
      if (!document.hidden) tick();
    }, intervalMs);
    return () => clearInterval(timer);
  }, [on, intervalMs, tick]);
}

function useSetTimeSearch(): (change: TimeSearch) => void {
  const navigate = useNavigate();
  return useCallback(
    (change) => {
      void navigate({ to: '.', search: (previous: object) => ({ ...previous, ...change }) });
    },
    [navigate],
  );
}
