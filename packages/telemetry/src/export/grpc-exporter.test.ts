import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Metadata, ServerCredentials, status } from '@grpc/grpc-js';
import type { OtlpSettings } from '../config/settings.ts';
import { createCertificates } from '../testing/certificates.ts';
import { type OtlpGrpcSink, startOtlpGrpcSink } from '../testing/otlp-grpc-sink.ts';
import { decodeTraces, encodePartialSuccess, encodeStatusDetails } from '../testing/otlp-schema.ts';
import { sampleSpan } from '../testing/sample-span.ts';
import { createGrpcExporter } from './grpc-exporter.ts';

const resource = { 'service.name': 'proxy' };

function settingsFor(address: string, own: Partial<OtlpSettings> = {}): OtlpSettings {
  return {
    protocol: 'grpc',
    address,
    url: `http://${address}`,
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

/** Exports one span to the sink, which then stops. */
async function exportOnce(sink: OtlpGrpcSink, own: Partial<OtlpSettings> = {}) {
  const exporter = createGrpcExporter(settingsFor(own.address ?? sink.address, own), resource);
  const result = await exporter.export([sampleSpan({ name: 'only' })]);
  exporter.close();
  sink.stop();
  return result;
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a batch arrives with its resource and the configured headers', async () => {
  const sink = await startOtlpGrpcSink();
  const result = await exportOnce(sink, {
    headers: { authorization: 'Bearer collector-token', 'x-tenant': 'a' },
  });
  assert.equal(result.outcome, 'accepted');
  const [received] = sink.received;
  assert.deepEqual(
    received?.traces.spans.map(({ name }) => name),
    ['only'],
  );
  assert.equal(received?.traces.resource[0]?.value.string_value, 'proxy');
  assert.deepEqual(received?.metadata.get('authorization'), ['Bearer collector-token']);
  assert.deepEqual(received?.metadata.get('x-tenant'), ['a']);
});

test('a partial success says how many spans were not taken', async () => {
  const sink = await startOtlpGrpcSink({ answer: () => encodePartialSuccess(1, 'no trace id') });
  assert.deepEqual(await exportOnce(sink), { outcome: 'accepted', rejected: 1, reason: 'no trace id' });
});

test('a batch is compressed where that is set', async (context) => {
  const seen: unknown[] = [];
  // Below gRPC, whose library hides how a message came.
  const server = createHttp2Server().on('stream', async (stream, headers) => {
    const frame = Buffer.concat(await stream.toArray());
    const isCompressed = frame[0] === 1;
    const message = isCompressed ? gunzipSync(frame.subarray(5)) : frame.subarray(5);
    seen.push(headers['grpc-encoding'] ?? 'identity', isCompressed, decodeTraces(message).spans.length);
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '0' },
      { endStream: true },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  const { port } = server.address() as { port: number };
  for (const compression of ['none', 'gzip'] as const) {
    const exporter = createGrpcExporter(settingsFor(`127.0.0.1:${port}`, { compression }), resource);
    await exporter.export([sampleSpan()]);
    exporter.close();
  }
  assert.deepEqual(seen, ['identity', false, 1, 'gzip', true, 1]);
});

describe('status', () => {
  const retryable = ['CANCELLED', 'DEADLINE_EXCEEDED', 'ABORTED', 'OUT_OF_RANGE', 'UNAVAILABLE', 'DATA_LOSS'];
  const names = Object.keys(status).filter((name) => Number.isNaN(Number(name)) && name !== 'OK');
  assert.equal(names.length, 16);
  for (const name of names) {
    const outcome = retryable.includes(name) ? 'retry' : 'refused';
    test(`${name}: ${outcome}`, async () => {
      const code = status[name as keyof typeof status];
      const sink = await startOtlpGrpcSink({ answer: () => ({ code, details: 'why' }) });
      assert.deepEqual(await exportOnce(sink), { outcome, reason: `${name}: why` });
    });
  }

  const withDetails = (code: status, details: Buffer) => {
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', details);
    return startOtlpGrpcSink({ answer: () => ({ code, metadata }) });
  };

  test('RetryInfo names the pause, and makes RESOURCE_EXHAUSTED a reason to try again', async () => {
    const { UNAVAILABLE, RESOURCE_EXHAUSTED, INTERNAL } = status;
    const delay = { seconds: 3, nanos: 250_000_000 };
    const cases = [
      [UNAVAILABLE, delay, { outcome: 'retry', reason: 'UNAVAILABLE: ', retryAfterMs: 3_250 }],
      [RESOURCE_EXHAUSTED, delay, { outcome: 'retry', reason: 'RESOURCE_EXHAUSTED: ', retryAfterMs: 3_250 }],
      [RESOURCE_EXHAUSTED, {}, { outcome: 'retry', reason: 'RESOURCE_EXHAUSTED: ' }],
      [RESOURCE_EXHAUSTED, undefined, { outcome: 'refused', reason: 'RESOURCE_EXHAUSTED: ' }],
      [INTERNAL, delay, { outcome: 'refused', reason: 'INTERNAL: ' }],
    ] as const;
    for (const [code, given, expected] of cases) {
      const sink = await withDetails(code, encodeStatusDetails(given));
      assert.deepEqual(await exportOnce(sink), expected);
    }
  });

  test('details that are nonsense are no RetryInfo', async () => {
    for (const details of ['RetryInfo', '\x1a\xff\xff\xff\xff\xff\xff', '\x1a\x02\x0a\x7f']) {
      const sink = await withDetails(status.RESOURCE_EXHAUSTED, Buffer.from(details, 'latin1'));
      assert.equal((await exportOnce(sink)).outcome, 'refused');
    }
  });

  test('a collector that does not answer in time is a reason to try again', async () => {
    const sink = await startOtlpGrpcSink({ answer: () => 'silence' });
    const { outcome, reason } = (await exportOnce(sink, { timeoutMs: 100 })) as {
      outcome: string;
      reason: string;
    };
    assert.equal(outcome, 'retry');
    assert.match(reason, /^DEADLINE_EXCEEDED: /);
  });

  test('an absent collector is a reason to try again, and one that comes back is found', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const exporter = createGrpcExporter(settingsFor(address), resource);
    const absent = await exporter.export([sampleSpan()]);
    assert.equal(absent.outcome, 'retry');
    const sink = await startOtlpGrpcSink({ address });
    let result = await exporter.export([sampleSpan()]);
    while (result.outcome === 'retry') {
      await new Promise((resolve) => setTimeout(resolve, 50));
      result = await exporter.export([sampleSpan()]);
    }
    assert.equal(result.outcome, 'accepted');
    exporter.close();
    sink.stop();
  });

  test('closing ends the attempt that is under way', async () => {
    const sink = await startOtlpGrpcSink({ answer: () => 'silence' });
    const exporter = createGrpcExporter(settingsFor(sink.address), resource);
    const result = exporter.export([sampleSpan()]);
    while (sink.received.length === 0) await new Promise(setImmediate);
    exporter.close();
    assert.deepEqual(await result, { outcome: 'retry', reason: 'CANCELLED: Cancelled on client' });
    sink.stop();
  });
});

test('TLS: a trusted certificate is accepted, an unknown one is not, and plain text is not sent to it', async (context) => {
  const certificates = createCertificates();
  context.after(() => certificates.remove());
  const pair = {
    private_key: readFileSync(certificates.keyFile),
    cert_chain: readFileSync(certificates.certificateFile),
  };
  const start = () => startOtlpGrpcSink({ credentials: ServerCredentials.createSsl(null, [pair]) });
  const { caFile } = certificates;

  assert.equal((await exportOnce(await start(), { insecure: false, caFile })).outcome, 'accepted');
  const unknown = await exportOnce(await start(), { insecure: false });
  assert.equal(unknown.outcome, 'retry');
  assert.match((unknown as { reason: string }).reason, /self-signed certificate/);
  assert.equal((await exportOnce(await start())).outcome, 'retry');
});

test('mutual TLS: the client shows its certificate', async (context) => {
  const certificates = createCertificates();
  context.after(() => certificates.remove());
  const pem = {
    private_key: readFileSync(certificates.keyFile),
    cert_chain: readFileSync(certificates.certificateFile),
  };
  const start = () =>
    startOtlpGrpcSink({ credentials: ServerCredentials.createSsl(pem.cert_chain, [pem], true) });
  const { caFile, certificateFile, keyFile } = certificates;
  const shown = await exportOnce(await start(), { insecure: false, caFile, certificateFile, keyFile });
  assert.equal(shown.outcome, 'accepted');
  assert.equal((await exportOnce(await start(), { insecure: false, caFile })).outcome, 'retry');
});
