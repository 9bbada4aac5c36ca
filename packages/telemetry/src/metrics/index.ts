export type { CounterCell, GaugeCell, HistogramCell } from './cells.ts';
export type { Exemplar, ExemplarSource, ExemplarSpan } from './exemplars.ts';
export type { ExpositionFormat } from './format.ts';
export type { OnViolation, ViolationKind } from './label-values.ts';
export { contentTypes, negotiateFormat } from './negotiate.ts';
export { type Counter, type Gauge, type Histogram, MetricRegistry, type Scrape } from './registry.ts';
