import { useSyncExternalStore } from 'react';
import type { TimeZoneChoice } from './format-time.ts';

const storageKey = 'ibex.timeZone';
const listeners = new Set<() => void>();

function readTimeZone(): TimeZoneChoice {
  return localStorage.getItem(storageKey) === 'utc' ? 'utc' : 'local';
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

/** Remembers whether this browser shows local time or UTC; a preference, so it is not part of a link. */
export function chooseTimeZone(zone: TimeZoneChoice): void {
  localStorage.setItem(storageKey, zone);
  for (const listener of listeners) listener();
}

/** The zone every instant on the page is shown in. */
export function useTimeZone(): TimeZoneChoice {
  return useSyncExternalStore(subscribe, readTimeZone);
}
