import type { HttpBusEndpoint } from '../flight-recorder/http-request.ts';
import { ConfigError } from './config-error.ts';
import { type Environment, read, readSecret } from './variables.ts';

/** How processes tell one another which traces to keep: over the collector, or over NATS. */
export type KeepBusSettings =
  | ({ readonly type: 'http' } & HttpBusEndpoint)
  | { readonly type: 'nats'; readonly url: string };

export interface FlightRecorderSettings {
  /** Size of the ring; 0 turns the recorder off. */
  readonly bytes: number;
  readonly bus: KeepBusSettings | undefined;
}

const defaultBytes = 16 * 1024 * 1024;
const smallestBytes = 64 * 1024;
const largestBytes = 1024 * 1024 * 1024;

/** @throws {ConfigError} naming the variable. */
export function readFlightRecorder(environment: Environment): FlightRecorderSettings {
  return { bytes: readBytes(environment), bus: readHttpBus(environment) ?? readNatsBus(environment) };
}

function readBytes(environment: Environment): number {
  const name = 'IBEX_FLIGHT_RECORDER_BYTES';
  const text = read(environment, name);
  if (text === undefined) return defaultBytes;
  const bytes = Number(text);
  const isInRange = Number.isInteger(bytes) && bytes >= smallestBytes && bytes <= largestBytes;
  if (bytes === 0 || isInRange) return bytes;
  throw new ConfigError(name, `0, or a whole number of bytes from ${smallestBytes} to ${largestBytes}`, text);
}

function readHttpBus(environment: Environment): KeepBusSettings | undefined {
  const url = read(environment, 'IBEX_KEEP_BUS_URL');
  if (url === undefined) return undefined;
  if (!hasScheme(url, /^https?:$/)) {
    throw new ConfigError('IBEX_KEEP_BUS_URL', 'an http(s) URL, e.g. http://localhost:4318', url);
  }
  return { type: 'http', url, token: readSecret(environment, 'IBEX_KEEP_BUS_TOKEN') };
}

/** The URL may hold a password, so that it is not shown. */
function readNatsBus(environment: Environment): KeepBusSettings | undefined {
  const url = readSecret(environment, 'NATS_URL');
  if (url === undefined) return undefined;
  if (hasScheme(url, /^(?:nats|tls):$/)) return { type: 'nats', url };
  throw new ConfigError('NATS_URL', 'a nats:// or tls:// URL, e.g. nats://localhost:4222', '(not shown)');
}

function hasScheme(url: string, scheme: RegExp): boolean {
  return URL.canParse(url) && scheme.test(new URL(url).protocol);
}
