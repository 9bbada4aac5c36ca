export { BatchQueue, type BatchQueueOptions, type DropReason } from './batch-queue.ts';
export { encodeSpans, type Resource } from './encode.ts';
export type { ExportResult, SpanExporter } from './exporter.ts';
export { createLossReport, type LossReport, type LossReportOptions } from './loss-report.ts';
export { ProtobufWriter } from './protobuf-writer.ts';
