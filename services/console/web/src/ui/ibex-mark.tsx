import type { ReactElement } from 'react';

/** The horns of an ibex: two ridged arcs sweeping back from the brow. */
export function IbexMark({ size = 28 }: { size?: number }): ReactElement {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      aria-hidden="true"
      focusable="false"
      style={{ flex: 'none' }}
    >
      <rect width="32" height="32" rx="8" fill="var(--mark)" />
      <g fill="none" stroke="#fff" strokeLinecap="round" strokeLinejoin="round">
        <path d="M14.6 20.5C15 13 12 7.6 5.8 6.6" strokeWidth="2.6" />
        <path d="M17.4 20.5C17 13 20 7.6 26.2 6.6" strokeWidth="2.6" />
        <path d="M10.2 10.8l1.5-2M12.7 14.6l2-1.2M21.8 10.8l-1.5-2M19.3 14.6l-2-1.2" strokeWidth="1.3" />
        <path d="M13.4 20.5h5.2l-1 4.6a1.640 1.640 0 0 1-3.2 0z" fill="#fff" strokeWidth="1.6" />
      </g>
    </svg>
  );
}
