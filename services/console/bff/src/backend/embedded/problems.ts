import { excerpt } from '@ibex/telemetry/privacy';
import { Problem } from '../../problem.ts';

const maximumMessageLength = 500;

/** What went wrong when the collector gave no whole answer at all. */
export function problemFromFailure(error: unknown, about: { url: string }): Problem {
  if (error instanceof Error && error.name === 'TimeoutError') {
    const message = `The collector at ${about.url} took too long to answer. Narrow the time range, or try again.`;
    return new Problem(504, { code: 'telemetry_timeout', message, cause: error });
  }
  if (error instanceof SyntaxError) {
    const message = `The collector at ${about.url} answered something that is not JSON. Check that IBEX_COLLECTOR_QUERY_URL names the collector's query port.`;
    return new Problem(502, { code: 'telemetry_failed', message, cause: error });
  }
  const message = `The collector at ${about.url} cannot be reached (${causeOf(error)}). Check that it runs and that IBEX_COLLECTOR_QUERY_URL names its query port.`;
  return new Problem(502, { code: 'telemetry_unreachable', message, cause: error });
}

/** What an answer without success means to the browser: its own mistakes are passed on, the collector's are not its. */
export function problemFromAnswer(body: unknown, about: { url: string; status: number }): Problem {
  const { status, url } = about;
  const told = errorOf(body);
  if (status === 401 || status === 403) {
    const message = `The collector at ${url} refused the console (${status}). Give both the same IBEX_COLLECTOR_QUERY_TOKEN.`;
    return new Problem(502, { code: 'telemetry_refused', message });
  }
  if (status >= 400 && status < 500 && told !== undefined) return new Problem(status, told);
  const reason = told === undefined ? `status ${status}` : `status ${status}: ${told.message}`;
  const message = `The collector at ${url} failed (${reason}). Its log says why.`;
  return new Problem(502, { code: 'telemetry_failed', message });
}

function causeOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(inner instanceof Error)) return 'unknown reason';
  if ('code' in inner && typeof inner.code === 'string') return inner.code;
  return excerpt(inner.message, maximumMessageLength);
}

/** The `error` of the API's error shape, if the body has that shape. */
function errorOf(body: unknown): { code: string; message: string } | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined;
  const { error } = body;
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error))
    return undefined;
  const { code, message } = error;
  if (typeof code !== 'string' || typeof message !== 'string') return undefined;
  return { code: code.slice(0, 100), message: excerpt(message, maximumMessageLength) };
}
