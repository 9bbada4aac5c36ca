import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MetricSample } from '../../model.ts';
import { DeltaToCumulative } from '../../processors/delta-to-cumulative.ts';
import { decodeRequest } from '../../testing/decode-request.ts';
import { METRICS_JSON, METRICS_PROTOBUF } from '../../testing/otlp-metrics.ts';
import type { DecodeContext } from '../decode-context.ts';
import { MalformedOtlpError } from '../decode-error.ts';

function decode(body: Buffer | object, deltas?: DeltaToCumulative): DecodeContext {
  return decodeRequest('metrics', body, deltas);
}

/** `name{labels} value`, without the labels every sample has. */
function lines(samples: readonly MetricSample[]): string[] {
  return samples.map(({ name, labels, value }) => {
    const own = Object.entries(labels).filter(([key]) => key !== 'service' && key !== 'instance');
    return `${name}{${own.map(([key, text]) => `${key}=${text}`).join()}} ${value}`;
  });
}

function requestOf(...metrics: object[]): object {
  return { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] };
}

describe('every kind of metric becomes series', () => {
  for (const [encoding, body] of [
    ['protobuf', METRICS_PROTOBUF],
    ['json', METRICS_JSON],
  ] as const) {
    test(`from ${encoding}`, () => {
      const { batch, acceptedPoints, rejected } = decode(body);
      assert.deepEqual(lines(batch.samples), [
        'queue_fill_ratio{queue_name=export} 0.75',
        'http_requests_total{exported_service=other} 41',
        'connections{exported_service=other} 41',
        'http_server_request_duration_seconds_bucket{http_route=/v1/models,le=0.1} 4',
        'http_server_request_duration_seconds_bucket{http_route=/v1/models,le=0.5} 7',
        'http_server_request_duration_seconds_bucket{http_route=/v1/models,le=1} 9',
        'http_server_request_duration_seconds_bucket{http_route=/v1/models,le=+Inf} 10',
        'http_server_request_duration_seconds_sum{http_route=/v1/models} 3.5',
        'http_server_request_duration_seconds_count{http_route=/v1/models} 10',
        'tokens_bucket{le=-0.5} 1',
        'tokens_bucket{le=0} 2',
        'tokens_bucket{le=2} 6',
        'tokens_bucket{le=4} 8',
        'tokens_bucket{le=+Inf} 8',
        'tokens_sum{} 11',
        'tokens_count{} 8',
        'gc_pause_seconds{quantile=0.5} 0.04',
        'gc_pause_seconds{quantile=0.99} 0.1',
        'gc_pause_seconds_sum{} 0.25',
        'gc_pause_seconds_count{} 5',
      ]);
      assert.deepEqual(batch.samples[3]?.labels, {
        http_route: '/v1/models',
        instance: 'i-1',
        le: '0.1',
        service: 'proxy',
      });
      assert.deepEqual(Object.keys(batch.samples[3].labels), ['http_route', 'instance', 'le', 'service']);
      assert.ok(batch.samples.every(({ timeUnixMs }) => timeUnixMs === 1_700_000_000_123));
      assert.deepEqual(
        batch.metadata.map(({ name, type, unit }) => [name, type, unit]),
        [
          ['queue_fill_ratio', 'gauge', 'ratio'],
          ['http_requests_total', 'counter', ''],
          ['connections', 'gauge', ''],
          ['http_server_request_duration_seconds', 'histogram', 'seconds'],
          ['tokens', 'histogram', ''],
          ['gc_pause_seconds', 'summary', 'seconds'],
        ],
      );
      assert.equal(batch.metadata[0]?.help, 'How full.');
      assert.equal(acceptedPoints, 6);
      assert.equal(rejected, 0);
    });
  }
});

function deltaSum(value: number, timeUnixNano: string): object {
  const dataPoints = [{ asDouble: value, timeUnixNano }];
  return requestOf({ name: 'jobs', sum: { dataPoints, aggregationTemporality: 1, isMonotonic: true } });
}

function deltaHistogram(bucketCounts: number[], timeUnixNano: string): object {
  const count = bucketCounts.reduce((total, each) => total + each, 0);
  const dataPoints = [{ count, sum: count, bucketCounts, explicitBounds: [1], timeUnixNano }];
  return requestOf({ name: 'size', histogram: { dataPoints, aggregationTemporality: 1 } });
}

describe('deltas', () => {
  test('add up, per series', () => {
    const deltas = new DeltaToCumulative();
    assert.deepEqual(lines(decode(deltaSum(2, '1000000'), deltas).batch.samples), ['jobs_total{} 2']);
    assert.deepEqual(lines(decode(deltaSum(3, '2000000'), deltas).batch.samples), ['jobs_total{} 5']);
    decode(deltaHistogram([1, 2], '1000000'), deltas);
    assert.deepEqual(lines(decode(deltaHistogram([1, 1], '2000000'), deltas).batch.samples), [
      'size_bucket{le=1} 2',
      'size_bucket{le=+Inf} 5',
      'size_sum{} 5',
      'size_count{} 5',
    ]);
  });

  test('sent twice count once', () => {
    const deltas = new DeltaToCumulative();
    decode(deltaSum(2, '1000000'), deltas);
    const again = decode(deltaSum(2, '1000000'), deltas);
    assert.deepEqual(again.batch.samples, []);
    assert.equal(again.rejections.get('out_of_order_delta'), 1);
    assert.deepEqual(lines(decode(deltaSum(1, '2000000'), deltas).batch.samples), ['jobs_total{} 3']);
  });

  test('that did not reach the store are taken back, so that the retry counts', () => {
    const deltas = new DeltaToCumulative();
    decode(deltaSum(2, '1000000'), deltas);
    const points = [
      { asInt: 1, timeUnixNano: '2000000' },
      { asInt: 1, timeUnixNano: '3000000' },
    ];
    const request = requestOf({
      name: 'jobs',
      sum: { dataPoints: points, aggregationTemporality: 1, isMonotonic: true },
    });
    decode(request, deltas).rollback();
    assert.deepEqual(lines(decode(request, deltas).batch.samples), ['jobs_total{} 3', 'jobs_total{} 4']);
  });

  test('of a request that turned out malformed are taken back', () => {
    const deltas = new DeltaToCumulative();
    const broken = requestOf(
      {
        name: 'jobs',
        sum: {
          dataPoints: [{ asInt: 7, timeUnixNano: '1000000' }],
          aggregationTemporality: 1,
          isMonotonic: true,
        },
      },
      { name: 7 },
    );
    assert.throws(() => decode(broken, deltas), /metrics\[1\]\.name: must be a string/);
    assert.deepEqual(lines(decode(deltaSum(2, '1000000'), deltas).batch.samples), ['jobs_total{} 2']);
  });

  test('beyond the table, the series longest unseen starts again', () => {
    const deltas = new DeltaToCumulative({ maxSeries: 2 });
    const delta = { byBound: new Map<number, number>(), count: 0, sum: 1 };
    deltas.add('a', { delta, timeUnixNano: 1n });
    deltas.add('b', { delta, timeUnixNano: 1n });
    deltas.add('a', { delta, timeUnixNano: 2n });
    deltas.add('c', { delta, timeUnixNano: 1n });
    assert.equal(deltas.evicted, 1);
    assert.equal(deltas.add('a', { delta, timeUnixNano: 3n })?.total.sum, 3);
    assert.equal(deltas.add('b', { delta, timeUnixNano: 3n })?.total.sum, 1);
  });
});

describe('points that cannot be', () => {
  const point = { count: 3, sum: 1, bucketCounts: [1, 2], explicitBounds: [1] };
  for (const [name, metric, reason, detail] of [
    [
      'a histogram with too few counts',
      { histogram: { dataPoints: [{ ...point, bucketCounts: [3] }], aggregationTemporality: 2 } },
      'invalid_point',
      /1 bounds need 2 bucket counts, there are 1/,
    ],
    [
      'bounds that do not ascend',
      {
        histogram: {
          dataPoints: [{ ...point, bucketCounts: [1, 1, 1], explicitBounds: [2, 2] }],
          aggregationTemporality: 2,
        },
      },
      'invalid_point',
      /bounds must ascend, 2 follows 2/,
    ],
    [
      'no temporality',
      { sum: { dataPoints: [{ asInt: 1 }] } },
      'invalid_metric',
      /must be 1 \(delta\) or 2 \(cumulative\), is 0/,
    ],
    ['no value', { gauge: { dataPoints: [{}] } }, 'invalid_point', /it has no value/],
    [
      'a scale out of bounds',
      { exponentialHistogram: { dataPoints: [{ scale: 99 }], aggregationTemporality: 2 } },
      'invalid_point',
      /scale must be between -10 and 20, it is 99/,
    ],
    [
      'a time after 2262',
      { gauge: { dataPoints: [{ asInt: 1, timeUnixNano: '18446744073709551615' }] } },
      'invalid_time',
      /before 2262/,
    ],
    [
      'too many buckets',
      { histogram: { dataPoints: [{ bucketCounts: Array(2_000).fill(0) }], aggregationTemporality: 2 } },
      'invalid_point',
      /1024 buckets/,
    ],
  ] as const) {
    test(`${name}: rejected with the reason`, () => {
      const context = decode(requestOf({ name: 'm', ...metric }));
      assert.equal(context.rejections.get(reason), 1);
      assert.match(context.message(), detail);
      assert.deepEqual(context.batch.samples, []);
    });
  }

  test('a metric without a name is rejected', () => {
    assert.equal(
      decode(requestOf({ name: '!', gauge: { dataPoints: [{ asInt: 1 }] } })).rejections.get(
        'invalid_metric',
      ),
      1,
    );
  });

  test('gaps and NaN become no samples, and nothing is rejected', () => {
    const context = decode(
      requestOf({ name: 'm', gauge: { dataPoints: [{ flags: 1 }, { asDouble: 'NaN' }] } }),
    );
    assert.deepEqual(context.batch.samples, []);
    assert.equal(context.rejected, 0);
  });
});

describe('no bytes crash the decoder', () => {
  function survives(body: Buffer): void {
    try {
      decode(body);
    } catch (error) {
      if (!(error instanceof MalformedOtlpError)) throw error;
    }
  }

  test('cut anywhere, any byte changed', () => {
    for (let index = 0; index < METRICS_PROTOBUF.length; index += 1) {
      survives(METRICS_PROTOBUF.subarray(0, index));
      for (const value of [0x00, 0x01, 0x7f, 0x80, 0xff]) {
        const changed = Buffer.from(METRICS_PROTOBUF);
        changed[index] = value;
        survives(changed);
      }
    }
  });
});
