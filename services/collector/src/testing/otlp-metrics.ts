import {
  double,
  fixed64,
  keyValue,
  message,
  packedDoubles,
  packedFixed64,
  packedVarints,
  text,
  varint,
  zigzag,
} from './protobuf-fields.ts';

const TIME_UNIX_NANO = 1_700_000_000_123_000_000n;
const RESOURCE = message(
  1,
  keyValue(1, 'service.name', text(1, 'proxy')),
  keyValue(1, 'service.instance.id', text(1, 'i-1')),
);

/** One metric of every kind, with every field the collector reads; the data comes before the header, as it may. */
export const METRICS_PROTOBUF = message(
  1,
  message(
    2,
    message(2, gauge(double(4, 0.75)), text(1, 'queue.fill'), text(2, 'How full.'), text(3, '1')),
    message(2, sum(varint(3, 1), 2), text(1, 'http.requests'), text(3, '{request}')),
    message(2, sum(varint(3, 0), 2), text(1, 'connections')),
    message(
      2,
      message(9, histogramPoint(), varint(2, 2)),
      text(1, 'http.server.request.duration'),
      text(3, 's'),
    ),
    message(2, message(10, exponentialPoint(), varint(2, 2)), text(1, 'tokens')),
    message(2, message(11, summaryPoint()), text(1, 'gc.pause'), text(3, 's')),
  ),
  RESOURCE,
);

function gauge(value: Buffer): Buffer {
  return message(
    5,
    message(1, fixed64(3, TIME_UNIX_NANO), value, keyValue(7, 'queue.name', text(1, 'export'))),
  );
}

function sum(monotonic: Buffer, temporality: number): Buffer {
  const point = message(
    1,
    fixed64(3, TIME_UNIX_NANO),
    fixed64(6, 41n),
    keyValue(7, 'service', text(1, 'other')),
  );
  return message(7, point, varint(2, temporality), monotonic);
}

function histogramPoint(): Buffer {
  return message(
    1,
    fixed64(3, TIME_UNIX_NANO),
    fixed64(4, 10n),
    double(5, 3.5),
    packedFixed64(6, [4, 3, 2, 1]),
    packedDoubles(7, [0.1, 0.5, 1]),
    keyValue(9, 'http.route', text(1, '/v1/models')),
  );
}

/** Scale 1: bounds are powers of √2. Four observations in (1, 2], two in (2, 4], one zero, one in [-1, -0.5). */
function exponentialPoint(): Buffer {
  return message(
    1,
    fixed64(3, TIME_UNIX_NANO),
    fixed64(4, 8n),
    double(5, 11),
    zigzag(6, 1),
    fixed64(7, 1n),
    message(8, zigzag(1, 0), packedVarints(2, [3, 1, 0, 2])),
    message(9, zigzag(1, -2), packedVarints(2, [1])),
  );
}

function summaryPoint(): Buffer {
  return message(
    1,
    fixed64(3, TIME_UNIX_NANO),
    fixed64(4, 5n),
    double(5, 0.25),
    message(6, double(1, 0.5), double(2, 0.04)),
    message(6, double(1, 0.99), double(2, 0.1)),
  );
}

const JSON_TIME = { timeUnixNano: '1700000000123000000' };
const JSON_SUM_POINT = {
  ...JSON_TIME,
  asInt: '41',
  attributes: [{ key: 'service', value: { stringValue: 'other' } }],
};

/** The same as {@link METRICS_PROTOBUF}. */
export const METRICS_JSON = {
  resourceMetrics: [
    {
      resource: {
        attributes: [
          { key: 'service.name', value: { stringValue: 'proxy' } },
          { key: 'service.instance.id', value: { stringValue: 'i-1' } },
        ],
      },
      scopeMetrics: [
        {
          metrics: [
            {
              name: 'queue.fill',
              description: 'How full.',
              unit: '1',
              gauge: {
                dataPoints: [
                  {
                    ...JSON_TIME,
                    asDouble: 0.75,
                    attributes: [{ key: 'queue.name', value: { stringValue: 'export' } }],
                  },
                ],
              },
            },
            {
              name: 'http.requests',
              unit: '{request}',
              sum: { dataPoints: [JSON_SUM_POINT], aggregationTemporality: 2, isMonotonic: true },
            },
            { name: 'connections', sum: { dataPoints: [JSON_SUM_POINT], aggregationTemporality: 2 } },
            {
              name: 'http.server.request.duration',
              unit: 's',
              histogram: {
                dataPoints: [
                  {
                    ...JSON_TIME,
                    count: '10',
                    sum: 3.5,
                    bucketCounts: ['4', '3', 2, 1],
                    explicitBounds: [0.1, 0.5, 1],
                    attributes: [{ key: 'http.route', value: { stringValue: '/v1/models' } }],
                  },
                ],
                aggregationTemporality: 2,
              },
            },
            {
              name: 'tokens',
              exponentialHistogram: {
                dataPoints: [
                  {
                    ...JSON_TIME,
                    count: 8,
                    sum: 11,
                    scale: 1,
                    zeroCount: '1',
                    positive: { offset: 0, bucketCounts: ['3', '1', '0', '2'] },
                    negative: { offset: -2, bucketCounts: [1] },
                  },
                ],
                aggregationTemporality: 2,
              },
            },
            {
              name: 'gc.pause',
              unit: 's',
              summary: {
                dataPoints: [
                  {
                    ...JSON_TIME,
                    count: 5,
                    sum: 0.25,
                    quantileValues: [
                      { quantile: 0.5, value: 0.04 },
                      { quantile: 0.99, value: 0.1 },
                    ],
                  },
                ],
              },
            },
          ],
        },
      ],
    },
  ],
};
