/** Prometheus' text format 0.0.4, or OpenMetrics 1.0. */
export type ExpositionFormat = 'text' | 'openmetrics';

/** Numbers from here on are written with an exponent by Go's `%g`, which OpenMetrics takes as canonical. */
const exponentFrom = 1e6;
const exponentBelow = 1e-4;

/** Escapes the value of a label, alike in both formats. */
function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** `a="1",b="2"`, values escaped. */
export function formatLabels(labels: readonly (readonly [string, string])[]): string {
  return labels.map(([name, value]) => `${name}="${escapeValue(value)}"`).join(',');
}

/** A help text: OpenMetrics escapes quotes as well. */
export function formatHelp(help: string, format: ExpositionFormat): string {
  return format === 'openmetrics' ? escapeValue(help) : help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** A sample's value. */
export function formatValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

/** A bucket's bound as it stands in `le`: canonical in OpenMetrics, e.g. `1.0` and `1.048576e+06`. */
export function formatBound(bound: number, format: ExpositionFormat): string {
  if (format === 'text' || !Number.isFinite(bound)) return formatValue(bound);
  const size = Math.abs(bound);
  if (size !== 0 && (size >= exponentFrom || size < exponentBelow)) {
    return bound.toExponential().replace(/(?<=e[+-])\d$/, (digit) => `0${digit}`);
  }
  return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}
