import type { ClientRequest, OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { builtinHttp } from '../builtin-http.ts';

/** Where the bus is reached. */
export interface HttpBusEndpoint {
  /** Base URL of the collector's OTLP receiver over HTTP. */
  readonly url: string;
  /** Sent as bearer token where the collector asks for one. */
  readonly token: string | undefined;
}

/** The path of the bus on the collector's OTLP receiver over HTTP: GET hears, POST announces. */
export const keepBusPath = '/internal/keep';

/** A request to the bus. Node's own client: nothing else has to be loaded for it. */
export function openRequest(
  { url, token }: HttpBusEndpoint,
  { method, headers }: { method: 'GET' | 'POST'; headers: OutgoingHttpHeaders },
): ClientRequest {
  const target = `${url.replace(/\/+$/, '')}${keepBusPath}`;
  const open = target.startsWith('https:') ? httpsRequest : builtinHttp.request;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return open(target, { method, headers: { ...headers, ...authorization } });
}
