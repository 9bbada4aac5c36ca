import type { TimeWindow } from './time-range.ts';

export type TimeZoneChoice = 'local' | 'utc';

const formats = new Map<string, Intl.DateTimeFormat>();

const shapes = {
  time: { hour: '2-digit', minute: '2-digit' },
  seconds: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  millis: { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
  day: { month: 'short', day: 'numeric' },
  dayTime: { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' },
  full: {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

export type TimeShape = keyof typeof shapes;

/** An instant (Unix milliseconds) as text, on a 24-hour clock. */
export function formatTime(instantMs: number, shape: TimeShape, zone: TimeZoneChoice): string {
  const key = `${shape} ${zone}`;
  let format = formats.get(key);
  if (format === undefined) {
    const zoneOption = zone === 'utc' ? { timeZone: 'UTC' } : {};
    format = new Intl.DateTimeFormat('en-GB', { ...shapes[shape], hourCycle: 'h23', ...zoneOption });
    formats.set(key, format);
  }
  return format.format(instantMs);
}

/** The shortest text that tells the ticks of an axis apart, which lie `stepMs` from each other. */
export function formatTick(instantMs: number, stepMs: number, zone: TimeZoneChoice): string {
  if (stepMs < 60_000) return formatTime(instantMs, 'seconds', zone);
  const time = formatTime(instantMs, 'time', zone);
  return time === '00:00' ? formatTime(instantMs, 'day', zone) : time;
}

/** How a window is named in the header: the day once, when both ends share it. */
export function formatWindow(window: TimeWindow, zone: TimeZoneChoice): string {
  const startDay = formatTime(window.startMs, 'day', zone);
  const endDay = formatTime(window.endMs - 1, 'day', zone);
  const end = formatTime(window.endMs, startDay === endDay ? 'seconds' : 'dayTime', zone);
  const shape = startDay === endDay ? 'seconds' : 'time';
  return `${startDay}, ${formatTime(window.startMs, shape, zone)} – ${end}`;
}

/** `12 s ago`, `5 min ago`, `3 h ago`, `2 d ago`. */
export function formatAgo(instantMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - instantMs) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86_400)} d ago`;
}

/** Unix nanoseconds, as the API writes them, in milliseconds with their fraction. */
export function millisOfNano(unixNano: string): number {
  const digits = /^\d{1,20}$/.test(unixNano) ? BigInt(unixNano) : 0n;
  return Number(digits / 1000n) / 1000;
}
