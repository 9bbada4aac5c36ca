export type { CounterCell, GaugeCell, HistogramCell } from './cells.ts';
export { expositionContentType } from './exposition.ts';
export { type Counter, type Gauge, type Histogram, MetricRegistry } from './registry.ts';
