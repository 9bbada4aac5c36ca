import type { ReactElement } from 'react';

/** Drawn on a grid of 24, in strokes of 1.75. */
const iconPaths = {
  overview: 'M4 13h6V4H4zM4 20h6v-4H4zM14 20h6v-9h-6zM14 4v4h6V4z',
  traces: 'M4 6h9M8 12h9M13 18h7M4 12h.01M8 18h.01',
  logs: 'M4 6h16M4 10h10M4 14h16M4 18h7',
  metrics: 'M4 4v16h16M8 15l3.5-5 3.5 3 4.5-7',
  search: 'M11 4a7 7 0 1 1 0 14a7 7 0 0 1 0-14M16 16l4.5 4.5',
  refresh: 'M20 11A8 8 0 0 0 5.5 7L4 8.5M4 4v4.5h4.5M4 13a8 8 0 0 0 14.5 4l1.5-1.5M20 20v-4.5h-4.5',
  clock: 'M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17M12 7.5V12l3 2',
  chevronDown: 'M6 9l6 6 6-6',
  chevronRight: 'M9 6l6 6-6 6',
  chevronUp: 'M6 15l6-6 6 6',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  alert: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  info: 'M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17M12 11v5M12 8h.01',
  sun: 'M12 8a4 4 0 1 1 0 8a4 4 0 0 1 0-8M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z',
  screen: 'M4 5h16v11H4zM9 20h6M12 16v4',
  globe:
    'M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17M3.5 12h17M12 3.5c5 5.5 5 11.5 0 17M12 3.5c-5 5.5-5 11.5 0 17',
  signOut: 'M14 4H6v16h8M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  service: 'M5 4h14v7H5zM5 13h14v7H5zM8.5 7.5h.01M8.5 16.5h.01',
  user: 'M12 4a4 4 0 1 1 0 8a4 4 0 0 1 0-8M5 20c.8-4 3.4-5.5 7-5.5s6.2 1.5 7 5.5',
} as const;

export type IconName = keyof typeof iconPaths;

/** A decorative icon: the text beside it, or the label of the button around it, says what it means. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): ReactElement {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      style={{ flex: 'none' }}
    >
      <path d={iconPaths[name]} />
    </svg>
  );
}
