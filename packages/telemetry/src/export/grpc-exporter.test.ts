import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { Metadata, ServerCredentials, status } from '@grpc/grpc-js';
import type { OtlpSettings } from '../config/settings.ts';
import { createCertificates } from '../testing/certificates.ts';
import { type OtlpGrpcSink, startOtlpGrpcSink } from '../testing/otlp-grpc-sink.ts';
import { encodePartialSuccess } from '../testing/otlp-schema.ts';
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

describe('status', () => {
  const retryInfo = new Metadata();
  retryInfo.set('grpc-status-details-bin', Buffer.from('RetryInfo'));
  const cases = [
    [
      'UNAVAILABLE',
      { code: status.UNAVAILABLE, details: 'down' },
      { outcome: 'retry', reason: 'UNAVAILABLE: down' },
    ],
    ['ABORTED', { code: status.ABORTED }, { outcome: 'retry', reason: 'ABORTED: ' }],
    [
      'INVALID_ARGUMENT',
      { code: status.INVALID_ARGUMENT, details: 'bad' },
      { outcome: 'refused', reason: 'INVALID_ARGUMENT: bad' },
    ],
    [
      'UNAUTHENTICATED',
      { code: status.UNAUTHENTICATED },
      { outcome: 'refused', reason: 'UNAUTHENTICATED: ' },
    ],
    [
      'RESOURCE_EXHAUSTED',
      { code: status.RESOURCE_EXHAUSTED },
      { outcome: 'refused', reason: 'RESOURCE_EXHAUSTED: ', tooLarge: true },
    ],
    [
      'RESOURCE_EXHAUSTED with RetryInfo',
      { code: status.RESOURCE_EXHAUSTED, metadata: retryInfo },
      { outcome: 'retry', reason: 'RESOURCE_EXHAUSTED: ' },
    ],
  ] as const;
  for (const [title, answer, expected] of cases) {
    test(`${title}: ${expected.outcome}`, async () => {
      assert.deepEqual(await exportOnce(await startOtlpGrpcSink({ answer: () => answer })), expected);
    });
  }

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
