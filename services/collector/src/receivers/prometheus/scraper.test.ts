import assert from 'node:assert/strict';
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { MetricSample } from '../../model.ts';
import { SinkOverloadedError } from '../../model.ts';
import { MemorySink } from '../../testing/memory-sink.ts';
import { RecordingObserver } from '../../testing/recording-observer.ts';
import { PrometheusScraper } from './scraper.ts';

const EXPOSITION = `# HELP http_request_duration_seconds Time to answer.
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{route="/v1/models",service="sneaky",le="0.10"} 7
http_request_duration_seconds_bucket{route="/v1/models",service="sneaky",le="+Inf"} 9
empty_label{a=""} 1
not_a_number NaN
`;

describe('PrometheusScraper', () => {
  let sink: MemorySink;
  let observer: RecordingObserver;
  let server: Server;
  let url: string;
  let instance: string;
  let scraper: PrometheusScraper;
  let answer: RequestListener;

  beforeEach(async () => {
    sink = new MemorySink();
    observer = new RecordingObserver();
    answer = (_request, response) =>
      response.setHeader('content-type', 'text/plain; version=0.0.4').end(EXPOSITION);
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    instance = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    url = `http://${instance}/metrics`;
    scraper = newScraper({});
  });

  afterEach(async () => {
    await scraper.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function newScraper(options: { intervalMs?: number; timeoutMs?: number }): PrometheusScraper {
    return new PrometheusScraper({ targets: [{ service: 'proxy', url }], sink, observer, ...options });
  }

  function series(name: string): MetricSample[] {
    return sink.kept.samples.filter((sample) => sample.name === name);
  }

  function failures(): string[] {
    return observer.events.flatMap((event) => (event.event === 'scrapeFailed' ? [event.reason] : []));
  }

  test('stores samples with the labels of the target, and its metadata', async () => {
    await scraper.scrapeNow();
    const [bucket, infinite] = series('http_request_duration_seconds_bucket');
    assert.deepEqual(Object.entries(bucket?.labels ?? {}), [
      ['exported_service', 'sneaky'],
      ['instance', instance],
      ['le', '0.1'],
      ['route', '/v1/models'],
      ['service', 'proxy'],
    ]);
    assert.equal(bucket?.value, 7);
    assert.equal(infinite?.labels.le, '+Inf');
    assert.deepEqual(series('empty_label')[0]?.labels, { instance, service: 'proxy' });
    assert.equal(series('not_a_number').length, 0);
    assert.equal(series('up')[0]?.value, 1);
    assert.equal(series('scrape_samples_scraped')[0]?.value, 4);
    const metadata = sink.kept.metadata.find(({ name }) => name === 'http_request_duration_seconds');
    assert.deepEqual(metadata, {
      name: 'http_request_duration_seconds',
      type: 'histogram',
      unit: 'seconds',
      help: 'Time to answer.',
    });
    assert.equal(observer.events[0]?.event, 'scraped');
  });

  test('sends metadata again only when it changed', async () => {
    await scraper.scrapeNow();
    const { length } = sink.kept.metadata;
    await scraper.scrapeNow();
    assert.equal(sink.kept.metadata.length, length);
    answer = (_request, response) => response.end('# TYPE new_total counter\nnew_total 1\n');
    await scraper.scrapeNow();
    assert.ok(sink.kept.metadata.length > length);
  });

  const failing: Record<string, RequestListener> = {
    bad_status: (_request, response) => response.writeHead(500).end('oh'),
    bad_content_type: (_request, response) => response.setHeader('content-type', 'text/html').end('<p>'),
    unparsable: (_request, response) => response.end('what is this\n'),
    too_large: (_request, response) => response.end(Buffer.alloc(17 * 1024 * 1024, 0x0a)),
    timeout: () => undefined,
    unreachable: (request) => request.socket.destroy(),
  };
  for (const [reason, listener] of Object.entries(failing)) {
    test(`a scrape that fails (${reason}) is counted and makes the target's up 0`, async () => {
      await scraper.stop();
      scraper = newScraper({ timeoutMs: reason === 'timeout' ? 50 : 5_000 });
      answer = listener;
      await scraper.scrapeNow();
      assert.deepEqual(failures(), [reason]);
      assert.equal(series('up')[0]?.value, 0);
      assert.equal(series('scrape_samples_scraped')[0]?.value, 0);
    });
  }

  test('a sink that is overloaded loses the scrape, visibly, and the next one works', async () => {
    sink.failure = new SinkOverloadedError('the queue is full', 1_000);
    await scraper.scrapeNow();
    assert.deepEqual(failures(), ['overloaded']);
    sink.failure = undefined;
    await scraper.scrapeNow();
    assert.equal(series('up')[0]?.value, 1);
    assert.ok(sink.kept.metadata.length > 0);
  });

  test('scrapes at the interval until stopped', async () => {
    await scraper.stop();
    scraper = newScraper({ intervalMs: 5 });
    scraper.start();
    while (series('up').length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
    await scraper.stop();
    const { length } = series('up');
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(series('up').length, length);
  });

  test('waits in silence for a target that is starting', async () => {
    await scraper.stop();
    answer = (request) => request.socket.destroy();
    scraper = newScraper({ intervalMs: 5 });
    scraper.start();
    await new Promise((resolve) => server.once('request', resolve));
    answer = (_request, response) => response.end(EXPOSITION);
    while (series('up').length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    assert.deepEqual(failures(), []);
    assert.equal(series('up')[0]?.value, 1);
    answer = (request) => request.socket.destroy();
    while (failures().length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    assert.equal(series('up').at(-1)?.value, 0);
  });

  test('finishes with a last round', async () => {
    scraper.start();
    while (series('up').length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    answer = (_request, response) => response.end('last_words 42\n');
    await scraper.finish();
    assert.equal(series('last_words')[0]?.value, 42);
  });

  for (const [state, listener] of [
    ['gone', (request) => request.socket.destroy()],
    ['hanging', () => undefined],
  ] as [string, RequestListener][]) {
    test(`finishes in silence when the target is ${state}`, async () => {
      await scraper.scrapeNow();
      answer = listener;
      await scraper.finish();
      assert.deepEqual(failures(), []);
      assert.equal(series('up').length, 1);
    });
  }

  test('calls that wait for a scrape in work share the next one', async () => {
    let requests = 0;
    answer = (_request, response) => {
      requests += 1;
      setTimeout(() => response.end(EXPOSITION), 5);
    };
    await Promise.all(Array.from({ length: 10 }, () => scraper.scrapeNow()));
    assert.equal(requests, 2);
  });

  test('stop cuts a scrape that hangs', async () => {
    answer = () => undefined;
    scraper.start();
    await new Promise((resolve) => server.once('request', resolve));
    await scraper.stop();
    assert.deepEqual(failures(), []);
  });
});
