import { routes as closedRoutes, httpMethods, statusCodes } from '@ibex/contract';
import { runInScope } from '@ibex/telemetry/context';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  Counter as NewCounter,
  Histogram as NewHistogram,
  type OpenMetricsContentType as NewOpenMetricsContentType,
  Registry as NewRegistry,
} from '@prometheus-io/client';
import { Counter, Histogram, type OpenMetricsContentType, Registry } from 'prom-client';
import { defineQuestions } from '../harness/question.ts';
import { durations, pick, quietTelemetry, routes, statuses } from './support.ts';

const labelNames = ['route', 'method', 'status_code'];
const buckets = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];
const name = 'ibex_proxy_requests_total';
const durationName = 'ibex_proxy_request_duration_seconds';
const bound = { route: '/v1/models', method: 'GET', status_code: '200' } as const;

function labelsAt(index: number) {
  return { route: pick(routes, index), method: 'POST', status_code: pick(statuses, index) } as const;
}

function promCounter() {
  return new Counter({ name, help: 'h', labelNames, registers: [new Registry()] });
}

function newCounter() {
  return new NewCounter({ name, help: 'h', labelNames, registers: [new NewRegistry()] });
}

/** With a reader: without one the SDK keeps nothing. */
function otelMeter() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  return new MeterProvider({ readers: [reader] }).getMeter('bench');
}

interface ExemplarHistogram {
  observe(observation: {
    labels: ReturnType<typeof labelsAt>;
    value: number;
    exemplarLabels: { trace_id: string; span_id: string };
  }): void;
}

/** The clients have the ids handed to them; here they are at hand. */
function observeWithExemplars(histogram: ExemplarHistogram): () => void {
  const exemplarLabels = { trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331' };
  return () => {
    for (let index = 0; index < 100; index++) {
      histogram.observe({ labels: labelsAt(index), value: pick(durations, index), exemplarLabels });
    }
  };
}

const histogramOptions = { name: durationName, help: 'h', labelNames, buckets };

/** As many label sets as make 10,000 series of a histogram with ten buckets. */
function eachLabelSet(use: (labels: Record<'route' | 'method' | 'status_code', never>) => void): void {
  const sets = labelSets.slice(0, Math.ceil(10_000 / (buckets.length + 3)));
  for (const labels of sets) use(labels as Record<'route' | 'method' | 'status_code', never>);
}

const labelSets = closedRoutes.proxy.flatMap((route) =>
  httpMethods.flatMap((method) => statusCodes.map((status_code) => ({ route, method, status_code }))),
);

export const metricQuestions = defineQuestions({
  counter: {
    title: 'counter increment by labels',
    targetNanoseconds: 50,
    ibex: () => {
      const counter = quietTelemetry().metrics.counter(name);
      return (index) => counter.increment(labelsAt(index));
    },
    peers: {
      'prom-client': () => {
        const counter = promCounter();
        return (index) => counter.inc(labelsAt(index));
      },
      '@prometheus-io/client': () => {
        const counter = newCounter();
        return (index) => counter.inc(labelsAt(index));
      },
      OpenTelemetry: () => {
        const counter = otelMeter().createCounter(name);
        return (index) => counter.add(1, labelsAt(index));
      },
    },
  },
  'counter-bound': {
    title: 'counter increment, bound',
    targetNanoseconds: 5,
    ibex: () => {
      const cell = quietTelemetry().metrics.counter(name).bind(bound);
      return () => cell.increment();
    },
    peers: {
      'prom-client': () => {
        const child = promCounter().labels(bound);
        return () => child.inc();
      },
      '@prometheus-io/client': () => {
        const child = newCounter().labels(bound);
        return () => child.inc();
      },
    },
  },
  histogram: {
    title: 'histogram observation by labels',
    targetNanoseconds: 60,
    ibex: () => {
      const histogram = quietTelemetry().metrics.histogram(durationName);
      return (index) => histogram.observe(labelsAt(index), pick(durations, index));
    },
    peers: {
      'prom-client': () => {
        const histogram = new Histogram({ ...histogramOptions, registers: [new Registry()] });
        return (index) => histogram.observe(labelsAt(index), pick(durations, index));
      },
      '@prometheus-io/client': () => {
        const histogram = new NewHistogram({ ...histogramOptions, registers: [new NewRegistry()] });
        return (index) => histogram.observe(labelsAt(index), pick(durations, index));
      },
      OpenTelemetry: () => {
        const histogram = otelMeter().createHistogram(durationName);
        return (index) => histogram.record(pick(durations, index), labelsAt(index));
      },
    },
  },
  'histogram-bound': {
    title: 'histogram observation, bound',
    targetNanoseconds: 10,
    ibex: () => {
      const cell = quietTelemetry().metrics.histogram(durationName).bind(bound);
      return (index) => cell.observe(pick(durations, index));
    },
    peers: {
      'prom-client': () => {
        const child = new Histogram({ ...histogramOptions, registers: [new Registry()] }).labels(bound);
        return (index) => child.observe(pick(durations, index));
      },
      '@prometheus-io/client': () => {
        const child = new NewHistogram({ ...histogramOptions, registers: [new NewRegistry()] }).labels(bound);
        return (index) => child.observe(pick(durations, index));
      },
    },
  },
  exemplars: {
    title: '100 histogram observations by labels in a request, with exemplars',
    targetNanoseconds: 10_000,
    ibex: () => {
      const { metrics, tracer } = quietTelemetry();
      const histogram = metrics.histogram(durationName);
      const span = tracer.startSpan('GET /v1/models', { kind: 'server', parent: null });
      return () =>
        runInScope({ span }, () => {
          for (let index = 0; index < 100; index++) {
            histogram.observe(labelsAt(index), pick(durations, index));
          }
        });
    },
    peers: {
      'prom-client': () => {
        const registry = new Registry<OpenMetricsContentType>();
        registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
        return observeWithExemplars(
          new Histogram({ ...histogramOptions, enableExemplars: true, registers: [registry] }),
        );
      },
      '@prometheus-io/client': () => {
        const registry = new NewRegistry<NewOpenMetricsContentType>();
        registry.setContentType(NewRegistry.OPENMETRICS_CONTENT_TYPE);
        return observeWithExemplars(
          new NewHistogram({ ...histogramOptions, enableExemplars: true, registers: [registry] }),
        );
      },
    },
  },
  exposition: {
    title: 'exposition of 10,000 series',
    targetNanoseconds: 2_000_000,
    ibex: () => {
      const { metrics } = quietTelemetry();
      const histogram = metrics.histogram(durationName);
      eachLabelSet((labels) => histogram.observe(labels, 0.004));
      // As bytes: a text put together from pieces is only laid out when it is read.
      return () => Buffer.from(metrics.exposition());
    },
    peers: {
      'prom-client': () => {
        const registry = new Registry();
        const histogram = new Histogram({ ...histogramOptions, registers: [registry] });
        eachLabelSet((labels) => histogram.observe(labels, 0.004));
        return async () => registry.metrics();
      },
      '@prometheus-io/client': () => {
        const registry = new NewRegistry();
        const histogram = new NewHistogram({ ...histogramOptions, registers: [registry] });
        eachLabelSet((labels) => histogram.observe(labels, 0.004));
        return async () => registry.metrics();
      },
    },
  },
});
