import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricSample } from '../../model.ts';
import { QueryRefusedError } from '../errors.ts';
import { batch, metadata, NOON_UNIX_MS, sample } from '../testing/records.ts';
import { temporaryStore } from '../testing/temporary-store.ts';
import type { MetricRangeQuery, Store } from '../types.ts';

const SCRAPE_MS = 15_000;
const DURATION = 'http_request_duration_seconds';

function range(changes: Partial<MetricRangeQuery>): MetricRangeQuery {
  return {
    name: 'http_requests_total',
    function: 'rate',
    quantile: 0.95,
    labels: [],
    by: [],
    startUnixMs: NOON_UNIX_MS,
    endUnixMs: NOON_UNIX_MS + 120_000,
    stepSeconds: 30,
    ...changes,
  };
}

function rounded(values: (number | null)[]): (number | null)[] {
  return values.map((value) => (value === null ? null : Math.round(value * 1000) / 1000));
}

async function scrape(
  store: Store,
  index: number,
  samples: (unixMs: number) => MetricSample[],
): Promise<void> {
  await store.append(
    batch({
      samples: samples(NOON_UNIX_MS + index * SCRAPE_MS),
      metadata: [
        metadata('http_requests_total', 'counter'),
        metadata(DURATION, 'histogram', 'Request latency.'),
        metadata('ibex_db_pool_open_connections', 'gauge'),
      ],
    }),
  );
}

function requests(status: string, value: number, unixMs: number): MetricSample {
  return sample('http_requests_total', { service: 'proxy', status, value, unixMs });
}

test('rate: summed over series, kept by label, across a restart', async (context) => {
  const store = await temporaryStore(context);
  const ok = [100, 130, 160, 190, 10, 40, 70, 100, 130];
  const failed = [0, 0, 0, 15, 0, 0, 0, 0, 0];
  for (const [index, value] of ok.entries()) {
    await scrape(store, index, (unixMs) => [
      requests('200', value, unixMs),
      requests('502', failed[index] ?? 0, unixMs),
    ]);
  }
  const total = await store.metricRange(range({}));
  assert.equal(total.type, 'counter');
  assert.deepEqual(
    total.series.map(({ labels, values }) => ({ labels, values: rounded(values) })),
    [{ labels: {}, values: [2, 1.833, 2, 2] }],
  );
  const byStatus = await store.metricRange(range({ by: ['status'] }));
  assert.deepEqual(
    byStatus.series.map(({ labels, values }) => ({ labels, values: rounded(values) })),
    [
      { labels: { status: '200' }, values: [2, 1.333, 2, 2] },
      { labels: { status: '502' }, values: [0, 0.5, 0, 0] },
    ],
  );
  const one = await store.metricRange(range({ labels: [{ key: 'status', value: '502' }] }));
  assert.deepEqual(rounded(one.series[0]?.values ?? []), [0, 0.5, 0, 0]);
  const none = await store.metricRange(range({ labels: [{ key: 'status', value: "5' OR 1=1 --" }] }));
  assert.deepEqual(none.series, []);
});

test('rate: a labelled counter that appears between two scrapes counted from zero', async (context) => {
  const store = await temporaryStore(context);
  await scrape(store, 0, (unixMs) => [requests('200', 1000, unixMs)]);
  await scrape(store, 1, (unixMs) => [requests('200', 1000, unixMs), requests('502', 3, unixMs)]);
  await scrape(store, 2, (unixMs) => [requests('200', 1000, unixMs), requests('502', 3, unixMs)]);
  const { series } = await store.metricRange(range({ by: ['status'] }));
  assert.deepEqual(
    series.map(({ labels, values }) => [labels.status, rounded(values)[0]]),
    [
      ['200', 0],
      ['502', 0.1],
    ],
  );
});

test('rate: the first request counts, although its metric had no series and was described once only', async (context) => {
  const store = await temporaryStore(context);
  const scrapeAt = (index: number, samples: MetricSample[]) => {
    const unixMs = NOON_UNIX_MS + index * SCRAPE_MS;
    const up = sample('up', { service: 'proxy', instance: ':8080', value: 1, unixMs });
    const described = index === -50 ? [metadata('ibex_proxy_requests_total', 'counter')] : [];
    return store.append(batch({ samples: [...samples, up], metadata: described }));
  };
  const first = (index: number) =>
    sample('ibex_proxy_requests_total', {
      service: 'proxy',
      instance: ':8080',
      value: 1,
      unixMs: NOON_UNIX_MS + index * SCRAPE_MS,
    });
  for (const index of [-50, -49, -1, 0]) await scrapeAt(index, []);
  for (const index of [1, 2, 3]) await scrapeAt(index, [first(index)]);
  const query = range({ name: 'ibex_proxy_requests_total', function: 'increase' });
  const { series } = await store.metricRange(query);
  assert.deepEqual(rounded(series[0]?.values ?? []), [1, 0, null, null]);
});

test('rate: a value met in any of several values of one label', async (context) => {
  const store = await temporaryStore(context);
  for (const index of [0, 1, 2]) {
    await scrape(store, index, (unixMs) =>
      ['200', '404', '502'].map((status) => requests(status, index * 15, unixMs)),
    );
  }
  const labels = [
    { key: 'status', value: '200' },
    { key: 'status', value: '502' },
    { key: 'service', value: 'proxy' },
  ];
  const { series } = await store.metricRange(range({ labels }));
  assert.equal(series[0]?.values[0], 2);
});

test('rate: what a counter had reached before it was first seen is not counted', async (context) => {
  const store = await temporaryStore(context);
  await scrape(store, 0, (unixMs) => [sample('up', { service: 'proxy', value: 1, unixMs })]);
  await store.append(
    batch({
      samples: [
        sample('ibex_auth_tokens_total', { service: 'auth', value: 5000, unixMs: NOON_UNIX_MS + SCRAPE_MS }),
      ],
      metadata: [metadata('ibex_auth_tokens_total', 'counter')],
    }),
  );
  const { series } = await store.metricRange(range({ name: 'ibex_auth_tokens_total' }));
  assert.deepEqual(series[0]?.values, [null, null, null, null]);
});

test('quantile and rate of a histogram by its family name', async (context) => {
  const store = await temporaryStore(context);
  for (let index = 0; index <= 8; index += 1) {
    await scrape(store, index, (unixMs) =>
      ['proxy', 'auth'].flatMap((service) => [
        ...(
          [
            ['0.1', 6],
            ['0.25', 9],
            ['1', 10],
            ['+Inf', 10],
          ] as const
        ).map(([le, count]) => sample(`${DURATION}_bucket`, { service, le, value: count * index, unixMs })),
        sample(`${DURATION}_count`, { service, value: 10 * index, unixMs }),
        sample(`${DURATION}_sum`, { service, value: 1.5 * index, unixMs }),
      ]),
    );
  }
  const median = await store.metricRange(range({ name: DURATION, function: 'quantile', quantile: 0.5 }));
  assert.deepEqual([median.type, median.unit], ['histogram', 'seconds']);
  assert.deepEqual(rounded(median.series[0]?.values ?? []), [0.083, 0.083, 0.083, 0.083]);
  const tail = await store.metricRange(
    range({ name: DURATION, function: 'quantile', quantile: 0.95, by: ['service'] }),
  );
  assert.deepEqual(
    tail.series.map(({ labels, values }) => [labels.service, rounded(values)[1]]),
    [
      ['auth', 0.625],
      ['proxy', 0.625],
    ],
  );
  const rate = await store.metricRange(range({ name: DURATION }));
  assert.deepEqual(rounded(rate.series[0]?.values ?? []), [1.333, 1.333, 1.333, 1.333]);
  const sum = await store.metricRange(range({ name: `${DURATION}_sum` }));
  assert.deepEqual(rounded(sum.series[0]?.values ?? []), [0.2, 0.2, 0.2, 0.2]);
  assert.deepEqual(await store.listMetrics(), [
    {
      name: DURATION,
      type: 'histogram',
      unit: 'seconds',
      help: 'Request latency.',
      labels: ['service'],
      services: ['auth', 'proxy'],
    },
  ]);
});

test('value: gauges added up, and null once nothing is scraped any more', async (context) => {
  const store = await temporaryStore(context);
  for (const [index, value] of [4, 6, 5].entries()) {
    await scrape(store, index, (unixMs) =>
      ['a', 'b'].map((pool) =>
        sample('ibex_db_pool_open_connections', { service: 'auth', pool, value, unixMs }),
      ),
    );
  }
  const query = { name: 'ibex_db_pool_open_connections', function: 'value', stepSeconds: 15 } as const;
  const { series } = await store.metricRange(range(query));
  assert.deepEqual(series, [{ labels: {}, values: [8, 12, 10, 10, null, null, null, null] }]);
  await assert.rejects(store.metricRange(range({ ...query, function: 'rate' })), QueryRefusedError);
  await assert.rejects(store.metricRange(range({ ...query, function: 'quantile' })), QueryRefusedError);
});

test('an unknown metric has no series', async (context) => {
  const store = await temporaryStore(context);
  const empty = await store.metricRange(range({ name: 'never_seen_bytes' }));
  assert.deepEqual(empty, { type: 'unknown', unit: 'bytes', truncated: false, series: [] });
});

test('beyond a hundred series the answer says that it is cut', async (context) => {
  const store = await temporaryStore(context);
  await scrape(store, 0, (unixMs) =>
    Array.from({ length: 130 }, (_, index) => sample('wide', { id: `${1000 + index}`, value: 1, unixMs })),
  );
  const { truncated, series } = await store.metricRange(
    range({ name: 'wide', function: 'value', by: ['id'] }),
  );
  assert.equal(truncated, true);
  assert.deepEqual(
    [series.length, series[0]?.labels, series[99]?.labels],
    [100, { id: '1000' }, { id: '1099' }],
  );
});

test('series and metadata are known again after a restart, and samples go on', async (context) => {
  const store = await temporaryStore(context);
  await scrape(store, 0, (unixMs) => [requests('200', 10, unixMs)]);
  await store.close();
  const reopened = await temporaryStore(context, { directory: store.directory });
  await scrape(reopened, 2, (unixMs) => [requests('200', 40, unixMs)]);
  const { type, series } = await reopened.metricRange(range({}));
  assert.equal(type, 'counter');
  assert.deepEqual(series, [{ labels: {}, values: [1, null, null, null] }]);
  assert.equal(reopened.statistics().rows.series, 1);
});
