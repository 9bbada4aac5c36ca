const durationUnits = [
  { limit: 1e3, divisor: 1, name: 'ns' },
  { limit: 1e6, divisor: 1e3, name: 'µs' },
  { limit: 1e9, divisor: 1e6, name: 'ms' },
  { limit: 60e9, divisor: 1e9, name: 's' },
  { limit: 3600e9, divisor: 60e9, name: 'min' },
  { limit: Number.POSITIVE_INFINITY, divisor: 3600e9, name: 'h' },
];

/** A duration in nanoseconds with three significant digits and the unit that fits: `1.24 ms`. */
export function formatDuration(nano: number): string {
  if (nano === 0) return '0 ms';
  const magnitude = Math.abs(nano);
  const unit = durationUnits.find(
    (candidate) => roundedTo3(magnitude / candidate.divisor) * candidate.divisor < candidate.limit,
  );
  const { divisor, name } = unit ?? { divisor: 3600e9, name: 'h' };
  return `${significant(nano / divisor)} ${name}`;
}

/** A count for people: `842`, `12.3k`, `4.56M`. */
export function formatCount(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude < 10_000) return significant(value, magnitude >= 1000 ? 4 : 3);
  const units = ['k', 'M', 'G', 'T'];
  let scaled = value;
  let name = '';
  for (const unit of units) {
    if (Math.abs(roundedTo3(scaled)) < 1000) break;
    scaled /= 1000;
    name = unit;
  }
  return `${significant(scaled)}${name}`;
}

/** A count on an axis, whose values are round: in thousands from 1000 on, so that all are written alike. */
function formatAxisCount(value: number): string {
  return Math.abs(value) >= 1000 && Math.abs(value) < 10_000
    ? `${significant(value / 1000)}k`
    : formatCount(value);
}

/** Bytes in binary units: `1.5 KiB`. */
export function formatBytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let scaled = value;
  let index = 0;
  while (Math.abs(roundedTo3(scaled)) >= 1024 && index < units.length - 1) {
    scaled /= 1024;
    index++;
  }
  return `${significant(scaled)} ${units[index]}`;
}

/** A share between 0 and 1 as per cent. */
export function formatShare(share: number): string {
  const percent = share * 100;
  return `${percent !== 0 && Math.abs(percent) < 0.01 ? '<0.01' : significant(percent, Math.abs(percent) < 10 ? 2 : 3)} %`;
}

export type ValueUnit =
  | 'seconds'
  | 'bytes'
  | 'share'
  | 'count'
  | 'perSecond'
  | 'perMinute'
  | 'bytesPerSecond';

/** How to write values of a unit in legends and in tooltips. */
export function formatterOf(unit: ValueUnit): (value: number) => string {
  switch (unit) {
    case 'seconds':
      return (value) => formatDuration(value * 1e9);
    case 'bytes':
      return formatBytes;
    case 'share':
      return formatShare;
    case 'perSecond':
      return (value) => `${formatCount(value)}/s`;
    case 'perMinute':
      return (value) => `${formatCount(value)}/min`;
    case 'bytesPerSecond':
      return (value) => `${formatBytes(value)}/s`;
    case 'count':
      return formatCount;
  }
}

/** How to write values of a unit on an axis. */
export function axisFormatterOf(unit: ValueUnit): (value: number) => string {
  switch (unit) {
    case 'perSecond':
      return (value) => `${formatAxisCount(value)}/s`;
    case 'perMinute':
      return (value) => `${formatAxisCount(value)}/min`;
    case 'count':
      return formatAxisCount;
    default:
      return formatterOf(unit);
  }
}

/** Nanoseconds of text such as `250ms`, `1.5 s` or `250` (milliseconds); undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = /^\s*(\d{1,9}(?:\.\d{1,9})?)\s*(ns|us|µs|ms|s|m|min|h)?\s*$/.exec(text);
  if (match === null) return undefined;
  const factors: Record<string, number> = {
    ns: 1,
    us: 1e3,
    µs: 1e3,
    ms: 1e6,
    s: 1e9,
    m: 60e9,
    min: 60e9,
    h: 3600e9,
  };
  return Number(match[1]) * (factors[match[2] ?? 'ms'] ?? 1e6);
}

function significant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  return String(Number(value.toPrecision(digits)));
}

function roundedTo3(value: number): number {
  return Number(value.toPrecision(3));
}
