export { defineContract } from './define.ts';
export { ContractError, type ContractFinding } from './errors.ts';
export type { ContractExtension, Extended } from './extend.ts';
export { type IbexContract, ibexContract } from './ibex/contract.ts';
export { ibexProbes } from './ibex/probes.ts';
export { grpcStatuses, httpMethods, routes, statusCodes } from './ibex/values.ts';
export type {
  AcceptRule,
  BoundaryDefinitions,
  ContractDefinition,
  HostDefinition,
  JoinedBy,
  LabelValues,
  ListenerDefinition,
  LogFieldDefinition,
  LogFieldType,
  MetricDefinition,
  MetricType,
  Retention,
  SendRule,
  SloDefinition,
  SpanDefinition,
  SpanKindName,
  TraceRule,
} from './model.ts';
export type { ProbeDefinition, Probes } from './probe.ts';
export { forbiddenLabels } from './proofs/naming.ts';
export { capacityOf, valuesFor, worstCaseSeries } from './proofs/series.ts';
export {
  type AuditMetadataOf,
  type ConfiguredSetName,
  fold,
  type LabelsOf,
  type LogFieldsOf,
  type MetricName,
  type Other,
  other,
} from './types.ts';
