import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Batch } from '../model.ts';
import { SinkOverloadedError } from '../model.ts';
import { MemorySink } from '../testing/memory-sink.ts';
import { message, text } from '../testing/protobuf-fields.ts';
import { RecordingObserver } from '../testing/recording-observer.ts';
import { Ingest } from './ingest.ts';

const LOG = message(2, message(5, text(1, 'hello')));

function logs(count: number): Buffer {
  return message(1, message(2, ...Array.from({ length: count }, () => LOG)));
}

function deltaRequest(): Buffer {
  const dataPoints = [{ asInt: 2, timeUnixNano: '1000000' }];
  const metrics = [{ name: 'jobs', sum: { dataPoints, aggregationTemporality: 1, isMonotonic: true } }];
  return Buffer.from(JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }));
}

describe('Ingest', () => {
  test('hands a large request to the sink in parts and tells of it once', async () => {
    const sink = new MemorySink();
    const observer = new RecordingObserver();
    const ingest = new Ingest({ sink, observer });
    const outcome = await ingest.export({
      signal: 'logs',
      encoding: 'protobuf',
      transport: 'http',
      body: logs(12_000),
    });
    assert.equal(outcome.kind, 'stored');
    assert.ok(sink.appends > 1);
    assert.equal(sink.kept.logs.length, 12_000);
    assert.deepEqual(observer.events, [
      { event: 'received', signal: 'logs', transport: 'http', outcome: 'accepted', records: 12_000 },
    ]);
  });

  test('is refused whole when the sink fails on a later part', async () => {
    class FailingSink extends MemorySink {
      override async append(batch: Batch): Promise<void> {
        if (this.appends > 0) throw new SinkOverloadedError('full', 1_000);
        await super.append(batch);
      }
    }
    const ingest = new Ingest({ sink: new FailingSink(), observer: new RecordingObserver() });
    const outcome = await ingest.export({
      signal: 'logs',
      encoding: 'protobuf',
      transport: 'grpc',
      body: logs(12_000),
    });
    assert.equal(outcome.kind, 'refused');
    assert.equal(outcome.kind === 'refused' && outcome.reason, 'overloaded');
  });

  test('counts a delta once although its first try did not reach the store', async () => {
    const sink = new MemorySink();
    const ingest = new Ingest({ sink, observer: new RecordingObserver() });
    const request = { signal: 'metrics', encoding: 'json', transport: 'http', body: deltaRequest() } as const;
    sink.failure = new SinkOverloadedError('full', 1_000);
    assert.equal((await ingest.export(request)).kind, 'refused');
    sink.failure = undefined;
    const outcome = await ingest.export(request);
    assert.deepEqual(outcome, { kind: 'stored', partialSuccess: { rejected: 0, message: '' } });
    assert.equal(sink.kept.samples[0]?.value, 2);
  });

  test('tells the operator why the store failed and the sender only that it did', async () => {
    const sink = new MemorySink();
    const observer = new RecordingObserver();
    sink.failure = new Error('no space left on /data');
    const ingest = new Ingest({ sink, observer });
    const outcome = await ingest.export({
      signal: 'logs',
      encoding: 'protobuf',
      transport: 'http',
      body: logs(1),
    });
    assert.ok(outcome.kind === 'refused' && !outcome.status.message.includes('/data'));
    const [event] = observer.events;
    assert.ok(event?.event === 'refused' && event.message.includes('/data'));
  });
});
