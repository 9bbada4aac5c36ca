import { bytes, double, fixed64, keyValue, message, text, varint } from './protobuf-fields.ts';

/** One request for each signal with every field the collector reads, in both encodings. */

export const TRACE_ID = '5b8efff798038103d269b633813fc60c';
export const SPAN_ID = 'eee19b7ec3c1b174';
export const PARENT_ID = 'eee19b7ec3c1b173';

const RESOURCE = message(
  1,
  keyValue(1, 'service.name', text(1, 'proxy')),
  keyValue(1, 'host.cpus', varint(3, 2)),
  varint(2, 1),
);
const SCOPE = message(1, text(1, 'ibex'), text(2, '1.2.3'), keyValue(3, 'team', text(1, 'gateway')));
const ATTRIBUTES = (field: number): Buffer[] => [
  keyValue(field, 'text', text(1, 'grüße 🦌')),
  keyValue(field, 'yes', varint(2, 1)),
  keyValue(field, 'negative', varint(3, -42)),
  keyValue(field, 'huge', varintOfMaxInt64(3)),
  keyValue(field, 'ratio', double(4, 0.25)),
  keyValue(field, 'nan', double(4, Number.NaN)),
  keyValue(field, 'list', message(5, message(1, text(1, 'a')), message(1, varint(3, 1)), message(1))),
  keyValue(
    field,
    'map',
    message(6, keyValue(1, 'inner', varint(2, 0)), keyValue(1, '__proto__', text(1, 'own'))),
  ),
  keyValue(field, 'raw', bytes(7, Buffer.from([0xff, 0xfe]))),
];

export const TRACES_PROTOBUF = message(
  1,
  message(
    2,
    message(
      2,
      bytes(1, Buffer.from(TRACE_ID, 'hex')),
      bytes(2, Buffer.from(SPAN_ID, 'hex')),
      text(3, 'vendor=1'),
      bytes(4, Buffer.from(PARENT_ID, 'hex')),
      text(5, 'provider.generate'),
      varint(6, 3),
      fixed64(7, 1544712660123456789n),
      fixed64(8, 1544712661123456790n),
      ...ATTRIBUTES(9),
      varint(10, 2),
      message(
        11,
        fixed64(1, 1544712660500000001n),
        text(2, 'retry'),
        keyValue(3, 'attempt', varint(3, 2)),
        varint(4, 1),
      ),
      varint(12, 3),
      message(
        13,
        bytes(1, Buffer.from(TRACE_ID, 'hex')),
        bytes(2, Buffer.from(PARENT_ID, 'hex')),
        text(3, 'vendor=2'),
        keyValue(4, 'why', text(1, 'follows')),
      ),
      varint(14, 4),
      message(15, text(2, 'upstream refused'), varint(3, 2)),
      varint(99, 7),
    ),
    SCOPE,
  ),
  RESOURCE,
);

export const LOGS_PROTOBUF = message(
  1,
  RESOURCE,
  message(
    2,
    SCOPE,
    message(
      2,
      fixed64(1, 1544712660123456789n),
      varint(2, 17),
      text(3, 'ERROR'),
      message(5, text(1, 'upstream refused')),
      ...ATTRIBUTES(6),
      keyValue(6, 'request_id', text(1, 'r-1')),
      varint(7, 2),
      bytes(9, Buffer.from(TRACE_ID, 'hex')),
      bytes(10, Buffer.from(SPAN_ID, 'hex')),
      fixed64(11, 1544712660999999999n),
      text(12, 'provider.failed'),
    ),
  ),
);

/** A varint of the largest int64, beyond what a double holds. */
function varintOfMaxInt64(field: number): Buffer {
  return Buffer.concat([Buffer.from([field << 3]), Buffer.from('ffffffffffffffff7f', 'hex')]);
}

const JSON_ATTRIBUTES = [
  { key: 'text', value: { stringValue: 'grüße 🦌' } },
  { key: 'yes', value: { boolValue: true } },
  { key: 'negative', value: { intValue: '-42' } },
  { key: 'huge', value: { intValue: '9223372036854775807' } },
  { key: 'ratio', value: { doubleValue: 0.25 } },
  { key: 'nan', value: { doubleValue: 'NaN' } },
  { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: 1 }, {}] } } },
  {
    key: 'map',
    value: {
      kvlistValue: {
        values: [
          { key: 'inner', value: { boolValue: false } },
          { key: '__proto__', value: { stringValue: 'own' } },
        ],
      },
    },
  },
  { key: 'raw', value: { bytesValue: '//4=' } },
];

const JSON_RESOURCE = {
  attributes: [
    { key: 'service.name', value: { stringValue: 'proxy' } },
    { key: 'host.cpus', value: { intValue: 2 } },
  ],
  droppedAttributesCount: 1,
};
const JSON_SCOPE = {
  name: 'ibex',
  version: '1.2.3',
  attributes: [{ key: 'team', value: { stringValue: 'gateway' } }],
};

export const TRACES_JSON = {
  resourceSpans: [
    {
      resource: JSON_RESOURCE,
      scopeSpans: [
        {
          scope: JSON_SCOPE,
          spans: [
            {
              traceId: TRACE_ID.toUpperCase(),
              spanId: SPAN_ID,
              traceState: 'vendor=1',
              parentSpanId: PARENT_ID,
              name: 'provider.generate',
              kind: 3,
              startTimeUnixNano: '1544712660123456789',
              endTimeUnixNano: '1544712661123456790',
              attributes: JSON_ATTRIBUTES,
              droppedAttributesCount: 2,
              events: [
                {
                  timeUnixNano: '1544712660500000001',
                  name: 'retry',
                  attributes: [{ key: 'attempt', value: { intValue: 2 } }],
                  droppedAttributesCount: 1,
                },
              ],
              droppedEventsCount: 3,
              links: [
                {
                  traceId: TRACE_ID,
                  spanId: PARENT_ID,
                  traceState: 'vendor=2',
                  attributes: [{ key: 'why', value: { stringValue: 'follows' } }],
                },
              ],
              droppedLinksCount: 4,
              status: { message: 'upstream refused', code: 2 },
              unknownField: { deep: [1, { er: null }] },
            },
          ],
        },
      ],
    },
  ],
};

export const LOGS_JSON = {
  resourceLogs: [
    {
      resource: JSON_RESOURCE,
      scopeLogs: [
        {
          scope: JSON_SCOPE,
          logRecords: [
            {
              timeUnixNano: '1544712660123456789',
              observedTimeUnixNano: '1544712660999999999',
              severityNumber: 17,
              severityText: 'ERROR',
              body: { stringValue: 'upstream refused' },
              attributes: [...JSON_ATTRIBUTES, { key: 'request_id', value: { stringValue: 'r-1' } }],
              droppedAttributesCount: 2,
              traceId: TRACE_ID,
              spanId: SPAN_ID,
              eventName: 'provider.failed',
            },
          ],
        },
      ],
    },
  ],
};
