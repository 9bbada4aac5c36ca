import { ConfigError } from './config-error.ts';

const hostAndPort = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/;

/**
 * Reads an endpoint given as `host:port` or as a URL. The scheme, where there is one, decides whether TLS is used.
 * @throws {ConfigError}
 */
export function parseEndpoint(
  field: string,
  value: string,
  defaults: { insecure: boolean },
): { address: string; url: string; insecure: boolean } {
  const plain = hostAndPort.exec(value);
  if (plain !== null && Number(plain[2]) <= 65_535) {
    return {
      address: value,
      url: `${defaults.insecure ? 'http' : 'https'}://${value}`,
      insecure: defaults.insecure,
    };
  }
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.host === '') {
    throw new ConfigError(field, 'host:port or an http(s) URL, e.g. localhost:4317', value);
  }
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '4317') : url.port;
  return { address: `${url.hostname}:${port}`, url: value, insecure: url.protocol === 'http:' };
}

/**
 * Reads headers written as `key=value,key=value`, values percent-encoded (OpenTelemetry's variable).
 * @throws {ConfigError} without the values, which may be secret.
 */
export function parseHeaders(field: string, value: string | undefined): Record<string, string> {
  if (value === undefined) return {};
  const headers: Record<string, string> = {};
  for (const pair of value.split(',')) {
    const separator = pair.indexOf('=');
    if (separator < 1) throw new ConfigError(field, 'key=value pairs joined by commas', '(not shown)');
    headers[pair.slice(0, separator).trim().toLowerCase()] = decode(pair.slice(separator + 1).trim());
  }
  return headers;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
