import type { DeltaToCumulative } from '../../processors/delta-to-cumulative.ts';
import type { DecodeContext } from '../decode-context.ts';
import { OTLP_LIMITS } from '../limits.ts';
import type { NamedMetric } from '../metrics/names.ts';
import type { MetricDraft } from '../metrics/points.ts';
import { CUMULATIVE } from '../metrics/points.ts';
import type { SeriesWriterOptions } from '../metrics/series-writer.ts';
import { SeriesWriter } from '../metrics/series-writer.ts';
import type { Origin } from '../origin.ts';
import type { Decoding } from './common.ts';
import { readGroups } from './common.ts';
import { readExponentialPoint, readHistogramPoint, readNumberPoint, readSummaryPoint } from './points.ts';
import { WireReader } from './wire-reader.ts';

const NAMES = { resources: 'resource_metrics', scopes: 'scope_metrics' };
const ABSOLUTE = { temporality: CUMULATIVE, isMonotonic: false };

type Source = Pick<SeriesWriterOptions, 'metric' | 'origin' | 'deltas'>;

/**
 * Decodes an ExportMetricsServiceRequest into the context's batch.
 * @throws {MalformedOtlpError} when the bytes are not that message.
 */
export function readMetrics(
  body: Buffer,
  { context, deltas }: { context: DecodeContext; deltas: DeltaToCumulative },
): void {
  const decoding = { reader: new WireReader(body), context };
  readGroups(decoding, { ...NAMES, readRecord: (origin) => readMetric(decoding, { origin, deltas }) });
}

/** opentelemetry.proto.metrics.v1.Metric, in the current field. */
function readMetric(
  decoding: Decoding,
  { origin, deltas }: { origin: Origin; deltas: DeltaToCumulative },
): void {
  const { reader } = decoding;
  reader.message('metrics', () => {
    const source = { metric: readHeader(decoding), origin, deltas };
    for (let number = reader.next(); number !== 0; number = reader.next()) {
      const kind = DATA_KINDS.get(number);
      if (kind === undefined) reader.skip();
      else readData(decoding, { kind, source });
    }
  });
}

/** Name = 1, description = 2, unit = 3, wherever in the message they stand. */
function readHeader({ reader, context }: Decoding): MetricDraft {
  const metric: MetricDraft = { name: '', description: '', unit: '' };
  const text = (field: string): string =>
    context.boundText(reader.string(field), OTLP_LIMITS.nameLength, 'name_length');
  reader.ahead((number) => {
    if (number === 1) metric.name = text('name');
    else if (number === 2) metric.description = text('description');
    else if (number === 3) metric.unit = text('unit');
    else reader.skip();
  });
  return metric;
}

interface DataKind {
  field: string;
  /** Gauges and summaries have no temporality: each of their points stands for itself. */
  hasTemporality: boolean;
  type: (isMonotonic: boolean) => NamedMetric['type'];
  write: (decoding: Decoding, writer: SeriesWriter) => void;
}

/** By field number of Metric's `oneof data`. */
const DATA_KINDS: ReadonlyMap<number, DataKind> = new Map([
  [
    5,
    {
      field: 'gauge',
      hasTemporality: false,
      type: () => 'gauge',
      write: (from, to) => to.number(readNumberPoint(from)),
    },
  ],
  [
    7,
    {
      field: 'sum',
      hasTemporality: true,
      type: sumType,
      write: (from, to) => to.number(readNumberPoint(from)),
    },
  ],
  [
    9,
    {
      field: 'histogram',
      hasTemporality: true,
      type: () => 'histogram',
      write: (from, to) => to.histogram(readHistogramPoint(from)),
    },
  ],
  [
    10,
    {
      field: 'exponential_histogram',
      hasTemporality: true,
      type: () => 'histogram',
      write: (from, to) => to.exponentialHistogram(readExponentialPoint(from)),
    },
  ],
  [
    11,
    {
      field: 'summary',
      hasTemporality: false,
      type: () => 'summary',
      write: (from, to) => to.summary(readSummaryPoint(from)),
    },
  ],
] satisfies [number, DataKind][]);

function sumType(isMonotonic: boolean): NamedMetric['type'] {
  return isMonotonic ? 'counter' : 'gauge';
}

/** Gauge, Sum, Histogram, ExponentialHistogram and Summary have the same frame: data_points = 1. */
function readData(decoding: Decoding, { kind, source }: { kind: DataKind; source: Source }): void {
  const { reader, context } = decoding;
  reader.message(kind.field, () => {
    const { temporality, isMonotonic } = kind.hasTemporality ? readAggregation(reader) : ABSOLUTE;
    const writer = new SeriesWriter({ ...source, context, type: kind.type(isMonotonic), temporality });
    for (let number = reader.next(); number !== 0; number = reader.next()) {
      if (number === 1) kind.write(decoding, writer);
      else reader.skip();
    }
  });
}

/** Field aggregation_temporality = 2 and, in a Sum, is_monotonic = 3; they may stand after the points. */
function readAggregation(reader: WireReader): typeof ABSOLUTE {
  const aggregation = { temporality: 0, isMonotonic: false };
  reader.ahead((number) => {
    if (number === 2) aggregation.temporality = reader.uint32('aggregation_temporality');
    else if (number === 3) aggregation.isMonotonic = reader.bool('is_monotonic');
    else reader.skip();
  });
  return aggregation;
}
