import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The fields of an event that tests look into. */
export interface EventFields {
  readonly event_id: string;
  readonly message: string;
  readonly level: string;
  readonly transaction?: string;
  readonly release: string;
  readonly environment: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly contexts: { readonly trace?: { readonly trace_id: string; readonly span_id: string } };
  readonly extra: Readonly<Record<string, unknown>>;
  readonly exception?: { readonly values: readonly ExceptionFields[] };
  readonly [field: string]: unknown;
}

export interface ExceptionFields {
  readonly type: string;
  readonly value: string;
  readonly mechanism: { readonly handled: boolean };
  readonly stacktrace?: {
    readonly frames: readonly { function: string; filename: string; in_app: boolean }[];
  };
}

/** An event as Sentry's ingest receives it. */
export interface ReceivedEvent {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The envelope as it came. */
  readonly text: string;
  readonly envelope: Readonly<Record<string, unknown>>;
  readonly item: Readonly<Record<string, unknown>>;
  readonly event: EventFields;
}

export interface SentrySink {
  readonly dsn: string;
  readonly received: ReceivedEvent[];
  stop(): void;
}

/** A real HTTP server that takes envelopes as Sentry's ingest does, and answers as it is told, by default with success. */
export async function startSentrySink({
  answer = (response) => response.end('{}'),
}: {
  answer?: (response: ServerResponse) => unknown;
} = {}): Promise<SentrySink> {
  const received: ReceivedEvent[] = [];
  const server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    const [envelope = '', item = '', event = ''] = text.split('\n');
    const [first, second, third] = [envelope, item, event].map((line) => JSON.parse(line));
    received.push({
      url: request.url ?? '',
      headers: request.headers,
      text,
      envelope: first,
      item: second,
      event: third,
    });
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    dsn: `http://d5a4b7c1e0f94f3a8c2b6d1e0f9a8b7c@127.0.0.1:${port}/sub/4711`,
    received,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
