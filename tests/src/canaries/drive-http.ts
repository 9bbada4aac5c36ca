import { setMaxListeners } from 'node:events';
import type { Canary } from '@ibex/telemetry/testing';
import { headerTextOf, idHeadersOf, nameOf, textOf, traceStateOf } from './canary-text.ts';

/** One request that carries a canary. */
export interface CanaryRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A way into a service. */
export type Entry = (canary: Canary) => CanaryRequest;

const requestsAtOnce = 8;
setMaxListeners(64);

/** Sends every canary by one of the entries, each entry in its turn; gives back what the refusals said, by entry. */
export async function driveHttp(
  canaries: readonly Canary[],
  entries: Readonly<Record<string, Entry>>,
): Promise<{ sent: Record<string, number>; refusals: string[] }> {
  const ways = Object.entries(entries);
  const sent: Record<string, number> = {};
  const refusals: string[] = [];
  let next = 0;
  async function work(): Promise<void> {
    for (let index = next++; index < canaries.length; index = next++) {
      const canary = canaries[index];
      const [name, entry] = ways[index % ways.length] ?? [];
      if (canary === undefined || name === undefined || entry === undefined) return;
      const { url, ...options } = entry(canary);
      const response = await fetch(url, options);
      const text = await response.text();
      if (!response.ok) refusals.push(`${name} ${response.status} ${headersOf(response)} ${text}`);
      const outcome = `${name} ${response.status}`;
      sent[outcome] = (sent[outcome] ?? 0) + 1;
    }
  }
  await Promise.all(Array.from({ length: requestsAtOnce }, work));
  return { sent, refusals };
}

function headersOf(response: Response): string {
  return JSON.stringify([...response.headers]);
}

const json = { 'content-type': 'application/json' };

/** The ways into the gateway. */
export function gatewayEntries({
  apiUrl,
  apiKey,
}: {
  apiUrl: string;
  apiKey: string;
}): Record<string, Entry> {
  const url = `${apiUrl}/chat/completions`;
  const authorization = `Bearer ${apiKey}`;
  const headers = { ...json, authorization };
  const messages = (content: unknown) => [{ role: 'user', content }];
  const chat = (body: object): CanaryRequest => ({
    url,
    method: 'POST',
    headers,
    body: JSON.stringify({ model: 'echo', messages: messages('hello'), ...body }),
  });
  return {
    header: (canary) => ({
      ...chat({}),
      headers: {
        ...headers,
        [`x-${nameOf(canary)}`]: headerTextOf(canary),
        'user-agent': headerTextOf(canary),
      },
    }),
    'request id': (canary) => ({
      ...chat({}),
      headers: {
        ...headers,
        ...idHeadersOf(canary, ['x-request-id', 'x-correlation-id']),
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
        ...traceStateOf(canary),
        baggage: `${nameOf(canary)}=${encodeURIComponent(canary.secret)}`,
      },
    }),
    query: (canary) => ({
      ...chat({}),
      url: `${url}?${nameOf(canary)}=${encodeURIComponent(canary.secret)}&note=${encodeURIComponent(textOf(canary))}`,
    }),
    path: (canary) => ({
      url: `${apiUrl}/models/${encodeURIComponent(textOf(canary).slice(0, 1_500))}`,
      headers: { authorization },
    }),
    'unknown path': (canary) => ({ url: `${apiUrl}/${encodeURIComponent(textOf(canary).slice(0, 1_500))}` }),
    'body field': (canary) =>
      chat({ [canary.key ?? 'note']: canary.secret, metadata: { note: textOf(canary) } }),
    'wrong type': (canary) =>
      chat({ messages: messages({ [canary.key ?? 'note']: canary.secret }), temperature: textOf(canary) }),
    'wrong model': (canary) => chat({ model: textOf(canary) }),
    'wrong JSON': (canary) => ({
      ...chat({}),
      body: `{"${canary.key ?? 'note'}": "${canary.secret}", ${textOf(canary)}`,
    }),
    'wrong token': (canary) => ({
      ...chat({}),
      headers: { ...json, authorization: `Bearer ${canary.secret.replace(/[^\x21-\x7e]/g, '')}` },
    }),
    'provider error': (canary) => chat({ model: 'leaky', messages: messages(textOf(canary)) }),
    'provider error in a stream': (canary) =>
      chat({ model: 'leaky', stream: true, messages: messages(textOf(canary)) }),
    prompt: (canary) => chat({ messages: messages(textOf(canary)), user: canary.secret }),
  };
}

/** The ways into the administration of auth. */
export function authEntries({
  authUrl,
  adminToken,
}: {
  authUrl: string;
  adminToken: string;
}): Record<string, Entry> {
  const headers = { ...json, authorization: `Bearer ${adminToken}` };
  const post = (path: string, body: object): CanaryRequest => ({
    url: `${authUrl}${path}`,
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return {
    'unknown field': (canary) =>
      post('/v1/tokens', { name: 'canary', [canary.key ?? 'note']: canary.secret }),
    name: (canary) => post('/v1/agents', { name: textOf(canary).replace(/\s/g, ' ').slice(0, 200) }),
    'audit value': (canary) => post('/v1/agents', { name: 'canary', audit: { reason: textOf(canary) } }),
    'audit key': (canary) =>
      post('/v1/agents', { name: 'canary', audit: { [canary.key ?? canary.secret]: canary.secret } }),
    'wrong type': (canary) =>
      post('/v1/tokens', { name: { [canary.key ?? 'note']: canary.secret }, role: textOf(canary) }),
    'wrong JSON': (canary) => ({
      ...post('/v1/tokens', {}),
      body: `{"${canary.key ?? 'note'}":"${canary.secret}`,
    }),
    'content type': (canary) => ({
      ...post('/v1/tokens', {}),
      headers: { ...headers, 'content-type': headerTextOf(canary).slice(0, 400) },
    }),
    path: (canary) => ({
      url: `${authUrl}/v1/tokens/${encodeURIComponent(textOf(canary).slice(0, 1_500))}`,
      method: 'DELETE',
      headers,
    }),
    query: (canary) => ({
      url: `${authUrl}/v1/audit?${nameOf(canary)}=${encodeURIComponent(canary.secret)}&cursor=${encodeURIComponent(textOf(canary))}`,
      headers,
    }),
    'wrong token': (canary) => ({
      url: `${authUrl}/v1/tokens`,
      headers: { authorization: headerTextOf(canary) },
    }),
  };
}

/** The ways into the collector and the console. */
export function operationsEntries(urls: {
  otlpUrl: string;
  queryUrl: string;
  queryToken: string;
  consoleUrl: string;
}): Record<string, Entry> {
  const { otlpUrl, queryUrl, queryToken, consoleUrl } = urls;
  const headers = { authorization: `Bearer ${queryToken}` };
  const encoded = (canary: Canary) => encodeURIComponent(textOf(canary).slice(0, 1_500));
  return {
    'malformed OTLP': (canary) => ({
      url: `${otlpUrl}/v1/traces`,
      method: 'POST',
      headers: json,
      body: `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":${JSON.stringify(textOf(canary))}}]}]}]}`,
    }),
    'wrong OTLP path': (canary) => ({
      url: `${otlpUrl}/${encoded(canary)}`,
      method: 'POST',
      headers: json,
      body: '{}',
    }),
    'query parameter': (canary) => ({
      url: `${queryUrl}/api/v1/spans?limit=${encoded(canary)}&${nameOf(canary)}=${encodeURIComponent(canary.secret)}`,
      headers,
    }),
    'query path': (canary) => ({ url: `${queryUrl}/api/v1/traces/${encoded(canary)}`, headers }),
    'query token': (canary) => ({
      url: `${queryUrl}/api/v1/services`,
      headers: { authorization: headerTextOf(canary) },
    }),
    'console path': (canary) => ({ url: `${consoleUrl}/api/${encoded(canary)}` }),
    'console login': (canary) => ({
      url: `${consoleUrl}/api/session`,
      method: 'POST',
      headers: { ...json, origin: consoleUrl },
      body: JSON.stringify({ token: textOf(canary), [canary.key ?? 'note']: canary.secret }),
    }),
    'console link': (canary) => ({ url: `${consoleUrl}/login/${encoded(canary)}` }),
  };
}
