import { ConfigError, notShown } from './config-error.ts';

const hostAndPort = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/;

const headerName = /^[A-Za-z0-9_.-]{1,128}$/;
/** gRPC keeps these names for bytes. */
const binaryName = /-bin$/i;
const headerValue = /^[\x20-\x7e]{0,8192}$/;

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
    if (separator < 1) throw new ConfigError(field, 'key=value pairs joined by commas', notShown);
    headers[pair.slice(0, separator).trim()] = decode(pair.slice(separator + 1).trim());
  }
  return checkHeaders(field, headers);
}

/**
 * Headers by lower-case name, fit for both transports.
 * @throws {ConfigError} naming the header, without its value, which may be secret.
 */
export function checkHeaders(
  field: string,
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (!headerName.test(name) || binaryName.test(name)) {
        throw new ConfigError(field, 'a table of header names and texts', name);
      }
      if (!headerValue.test(value)) {
        throw new ConfigError(`${field}.${name}`, 'a text of printable ASCII characters', notShown);
      }
      return [name.toLowerCase(), value];
    }),
  );
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
