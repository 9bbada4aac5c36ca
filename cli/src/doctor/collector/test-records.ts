import { randomBytes } from 'node:crypto';
import { double, type Field, fixed64, nested, unsigned } from './protobuf.ts';

export const signals = ['traces', 'metrics', 'logs'] as const;
export type Signal = (typeof signals)[number];

/** The service that test records come from, wherever they are looked at later. */
export const doctorService = 'ibex-doctor';
/** A gauge with one series, however often it is sent: the instant of the last check. */
export const doctorMetric = 'ibex_doctor_last_check_timestamp_seconds';

/** One span, one point and one line, told from those of any other check. */
export interface TestRecords {
  readonly traceId: string;
  readonly spanId: string;
  readonly timeUnixMs: number;
  /** The value of the metric. */
  readonly value: number;
  /** The OTLP requests in protobuf (opentelemetry-proto 1.x). */
  readonly requests: Readonly<Record<Signal, Buffer>>;
}

export function createTestRecords(deploymentEnvironment: string): TestRecords {
  const ids = { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') };
  const timeUnixMs = Date.now();
  const value = timeUnixMs / 1000;
  const parts = { ...ids, timeUnixMs, value };
  const envelope = (record: Field) =>
    nested(1, resource(deploymentEnvironment), nested(2, nested(1, nested(1, 'ibex doctor')), record));
  return {
    ...parts,
    requests: {
      traces: envelope(span(parts)),
      metrics: envelope(gauge(parts)),
      logs: envelope(logRecord(parts)),
    },
  };
}

type Parts = Omit<TestRecords, 'requests'>;

function resource(deploymentEnvironment: string): Field {
  return nested(
    1,
    attribute(1, 'service.name', doctorService),
    attribute(1, 'deployment.environment', deploymentEnvironment),
  );
}

function attribute(field: number, key: string, value: string): Field {
  return nested(field, nested(1, key), nested(2, nested(1, value)));
}

function nano(unixMs: number): bigint {
  return BigInt(unixMs) * 1_000_000n;
}

function span({ traceId, spanId, timeUnixMs }: Parts): Field {
  const internalKind = 1;
  return nested(
    2,
    nested(1, Buffer.from(traceId, 'hex')),
    nested(2, Buffer.from(spanId, 'hex')),
    nested(5, 'ibex doctor'),
    unsigned(6, internalKind),
    fixed64(7, nano(timeUnixMs)),
    fixed64(8, nano(timeUnixMs) + 1_000_000n),
  );
}

function gauge({ timeUnixMs, value }: Parts): Field {
  const point = nested(1, fixed64(3, nano(timeUnixMs)), double(4, value));
  const help = 'When ibex doctor last looked.';
  return nested(2, nested(1, doctorMetric), nested(2, help), nested(3, 's'), nested(5, point));
}

function logRecord({ traceId, spanId, timeUnixMs }: Parts): Field {
  const info = 9;
  return nested(
    2,
    fixed64(1, nano(timeUnixMs)),
    unsigned(2, info),
    nested(3, 'INFO'),
    nested(5, nested(1, 'test line of ibex doctor')),
    nested(9, Buffer.from(traceId, 'hex')),
    nested(10, Buffer.from(spanId, 'hex')),
    fixed64(11, nano(timeUnixMs)),
  );
}
