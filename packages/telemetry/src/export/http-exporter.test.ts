import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { OtlpSettings } from '../config/settings.ts';
import { createCertificates } from '../testing/certificates.ts';
import { decodeTraces, encodePartialSuccess } from '../testing/otlp-schema.ts';
import { sampleSpan } from '../testing/sample-span.ts';
import { createHttpExporter } from './http-exporter.ts';

interface Received {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const resource = { 'service.name': 'proxy' };

function settingsFor(url: string, own: Partial<OtlpSettings> = {}): OtlpSettings {
  return {
    protocol: 'http',
    address: '',
    url,
    insecure: true,
    headers: {},
    compression: 'none',
    timeoutMs: 10_000,
    caFile: undefined,
    certificateFile: undefined,
    keyFile: undefined,
    ...own,
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Exports the spans to a server that answers by `answer`. */
async function exportTo(
  answer: (response: ServerResponse) => void,
  {
    spans = [sampleSpan()],
    own = {},
  }: { spans?: ReturnType<typeof sampleSpan>[]; own?: Partial<OtlpSettings> } = {},
) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = await request.toArray();
    received.push({ path: request.url, headers: request.headers, body: Buffer.concat(chunks) });
    answer(response);
  });
  const url = `http://127.0.0.1:${await listen(server)}/v1/traces`;
  const exporter = createHttpExporter(settingsFor(url, own), resource);
  const result = await exporter.export(spans);
  exporter.close();
  server.closeAllConnections();
  server.close();
  return { result, received: received[0] as Received };
}

describe('a batch', () => {
  test('is posted as protobuf with the configured headers', async () => {
    const own = { headers: { authorization: 'Bearer x', 'content-type': 'text/plain' } };
    const { result, received } = await exportTo((response) => response.end(), { own });
    assert.equal(result.outcome, 'accepted');
    assert.equal(received.path, '/v1/traces');
    assert.equal(received.headers['content-type'], 'application/x-protobuf');
    assert.equal(received.headers.authorization, 'Bearer x');
    assert.equal(received.headers['content-encoding'], undefined);
    assert.equal(decodeTraces(received.body).spans.length, 1);
  });

  test('of more than a kilobyte is compressed where that is set', async () => {
    const spans = Array.from({ length: 200 }, () => sampleSpan());
    const plain = await exportTo((response) => response.end(), { spans });
    assert.equal(plain.received.headers['content-encoding'], undefined);
    const own = { compression: 'gzip' } as const;
    const { received } = await exportTo((response) => response.end(), { spans, own });
    assert.equal(received.headers['content-encoding'], 'gzip');
    const body = gunzipSync(received.body);
    assert.ok(received.body.length < body.length / 5);
    assert.equal(decodeTraces(body).spans.length, 200);
  });
});

describe('an answer', () => {
  test('that is a partial success says how much was rejected', async () => {
    const body = encodePartialSuccess(3, 'too old');
    const { result } = await exportTo((response) => response.end(body));
    assert.deepEqual(result, { outcome: 'accepted', rejected: 3, reason: 'too old' });
  });

  test('of 2xx that is no export response is a success', async () => {
    for (const body of [
      Buffer.from('OK'),
      Buffer.alloc(0),
      Buffer.from([0xff, 0xff]),
      Buffer.alloc(1_000_000, 1),
    ]) {
      const { result } = await exportTo((response) => response.end(body));
      assert.deepEqual(result, { outcome: 'accepted', rejected: 0, reason: '' });
    }
  });

  for (const status of [429, 502, 503, 504]) {
    test(`${status} is a reason to try again`, async () => {
      const { result } = await exportTo((response) => response.writeHead(status).end('later'));
      assert.deepEqual(result, { outcome: 'retry', reason: `HTTP ${status}` });
    });
  }

  for (const status of [301, 400, 401, 404, 408, 413, 500, 501]) {
    test(`${status} is final`, async () => {
      const { result } = await exportTo((response) => response.writeHead(status).end());
      assert.deepEqual(result, { outcome: 'refused', reason: `HTTP ${status}` });
    });
  }

  test('says in Retry-After how long to wait, in seconds or as a date', async () => {
    const retryAfter = async (value: string) => {
      const { result } = await exportTo((response) =>
        response.writeHead(503, { 'retry-after': value }).end(),
      );
      assert.equal(result.outcome, 'retry');
      return 'retryAfterMs' in result ? result.retryAfterMs : undefined;
    };
    assert.equal(await retryAfter('3'), 3_000);
    const untilDate = await retryAfter(new Date(Date.now() + 3_600_000).toUTCString());
    assert.ok(untilDate !== undefined && untilDate > 3_500_000 && untilDate <= 3_600_000);
    for (const nonsense of ['0', '-1', 'soon', '99999999999999', 'Thu, 01 Jan 1970 00:00:00 GMT']) {
      assert.equal(await retryAfter(nonsense), undefined, nonsense);
    }
  });

  test('that breaks off is a reason to try again', async () => {
    const { result } = await exportTo((response) => response.socket?.destroy());
    assert.equal(result.outcome, 'retry');
  });
});

test('one attempt takes a bounded time, also where the answer has begun', async (context) => {
  const server = createServer((_request, response) => response.write('x'));
  const url = `http://127.0.0.1:${await listen(server)}`;
  const exporter = createHttpExporter(settingsFor(url, { timeoutMs: 100 }), resource);
  context.after(() => {
    exporter.close();
    server.closeAllConnections();
    server.close();
  });
  assert.deepEqual(await exporter.export([sampleSpan()]), {
    outcome: 'retry',
    reason: 'The operation was aborted due to timeout',
  });
});

test('closing ends the attempt that is under way', async () => {
  const arrived = Promise.withResolvers<void>();
  const server = createServer(() => arrived.resolve());
  const exporter = createHttpExporter(settingsFor(`http://127.0.0.1:${await listen(server)}`), resource);
  const result = exporter.export([sampleSpan()]);
  await arrived.promise;
  exporter.close();
  assert.equal((await result).outcome, 'retry');
  server.closeAllConnections();
  server.close();
});

test('TLS: a trusted certificate is accepted, an unknown one is not', async (context) => {
  const certificates = createCertificates();
  const server = createTlsServer(
    { key: readFileSync(certificates.keyFile), cert: readFileSync(certificates.certificateFile) },
    (_request, response) => response.end(),
  );
  const url = `https://localhost:${await listen(server)}`;
  context.after(() => {
    certificates.remove();
    server.closeAllConnections();
    server.close();
  });
  const exportOnce = async (own: Partial<OtlpSettings>) => {
    const exporter = createHttpExporter(settingsFor(url, { insecure: false, ...own }), resource);
    const result = await exporter.export([sampleSpan()]);
    exporter.close();
    return result;
  };
  assert.equal((await exportOnce({ caFile: certificates.caFile })).outcome, 'accepted');
  const unknown = await exportOnce({});
  assert.equal(unknown.outcome, 'retry');
});
