import type { DeltaToCumulative } from '../../processors/delta-to-cumulative.ts';
import type { DecodeContext } from '../decode-context.ts';
import type { NamedMetric } from '../metrics/names.ts';
import { CUMULATIVE } from '../metrics/points.ts';
import { SeriesWriter } from '../metrics/series-writer.ts';
import type { Origin } from '../origin.ts';
import { boundName, readGroups } from './common.ts';
import type { JsonObject } from './fields.ts';
import { booleanField, eachObject, enumField, objectField, stringField } from './fields.ts';
import { readExponentialPoint, readHistogramPoint, readNumberPoint, readSummaryPoint } from './points.ts';

const TEMPORALITY_NAMES = ['UNSPECIFIED', 'DELTA', 'CUMULATIVE'].map(
  (name) => `AGGREGATION_TEMPORALITY_${name}`,
);

interface DataKind {
  /** Gauges and summaries have no temporality: each of their points stands for itself. */
  hasTemporality: boolean;
  type: (isMonotonic: boolean) => NamedMetric['type'];
  write: (point: JsonObject, to: { writer: SeriesWriter; context: DecodeContext }) => void;
}

/** By field of Metric's `oneof data`. */
const DATA_KINDS: Readonly<Record<string, DataKind>> = {
  gauge: {
    hasTemporality: false,
    type: () => 'gauge',
    write: (point, { writer, context }) => writer.number(readNumberPoint(point, context)),
  },
  sum: {
    hasTemporality: true,
    type: (isMonotonic) => (isMonotonic ? 'counter' : 'gauge'),
    write: (point, { writer, context }) => writer.number(readNumberPoint(point, context)),
  },
  histogram: {
    hasTemporality: true,
    type: () => 'histogram',
    write: (point, { writer, context }) => writer.histogram(readHistogramPoint(point, context)),
  },
  exponentialHistogram: {
    hasTemporality: true,
    type: () => 'histogram',
    write: (point, { writer, context }) => writer.exponentialHistogram(readExponentialPoint(point, context)),
  },
  summary: {
    hasTemporality: false,
    type: () => 'summary',
    write: (point, { writer, context }) => writer.summary(readSummaryPoint(point, context)),
  },
};

/**
 * Decodes a JSON ExportMetricsServiceRequest into the context's batch.
 * @throws {MalformedOtlpError} when a field has the wrong type.
 */
export function readMetrics(
  request: JsonObject,
  { context, deltas }: { context: DecodeContext; deltas: DeltaToCumulative },
): void {
  readGroups(request, {
    keys: ['resourceMetrics', 'scopeMetrics', 'metrics'],
    context,
    readRecord: (metric, origin) => readMetric(metric, { origin, context, deltas }),
  });
}

function readMetric(
  object: JsonObject,
  source: { origin: Origin; context: DecodeContext; deltas: DeltaToCumulative },
): void {
  const { context } = source;
  const metric = {
    name: boundName(stringField(object, 'name'), context),
    description: boundName(stringField(object, 'description'), context),
    unit: boundName(stringField(object, 'unit'), context),
  };
  for (const [key, kind] of Object.entries(DATA_KINDS)) {
    objectField(object, key, (data) => {
      const temporality = kind.hasTemporality
        ? enumField(data, 'aggregationTemporality', TEMPORALITY_NAMES)
        : CUMULATIVE;
      const type = kind.type(booleanField(data, 'isMonotonic'));
      const writer = new SeriesWriter({ ...source, metric, type, temporality });
      eachObject(data, 'dataPoints', (point) => kind.write(point, { writer, context }));
    });
  }
}
