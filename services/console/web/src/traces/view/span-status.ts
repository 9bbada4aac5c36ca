import type { Span } from './waterfall-layout.ts';

/** The HTTP status of a span, by the stable attribute name or the older one; null when it has none. */
export function httpStatusOf(span: Span): number | null {
  const value = span.attributes['http.response.status_code'] ?? span.attributes['http.status_code'];
  const status = Number(value);
  return Number.isInteger(status) && status >= 100 && status <= 599 ? status : null;
}
