import { defineContract } from '../define.ts';
import { boundaries } from './boundaries.ts';
import { logFields } from './log-fields.ts';
import { callMetrics } from './metrics-calls.ts';
import { catalogMetrics } from './metrics-catalog.ts';
import { collectorMetrics } from './metrics-collector.ts';
import { gatewayMetrics } from './metrics-gateway.ts';
import { ownMetrics } from './metrics-own.ts';
import { runtimeMetrics } from './metrics-runtime.ts';
import { auditMetadataKeys, sensitiveKeys } from './privacy.ts';
import { slos } from './slos.ts';
import { spans } from './spans.ts';
import { routes } from './values.ts';

/** The contract of Ibex itself; a team's own extends it. */
export const ibexContract = defineContract({
  services: ['proxy', 'auth', 'collector', 'console', 'worker'],
  namespaces: [
    'ibex_proxy',
    'ibex_auth',
    'ibex_db',
    'ibex_process',
    'ibex_contract',
    'ibex_telemetry',
    'ibex_collector',
    'ibex_console',
    'ibex_worker',
    'http',
    'provider',
    'conversation',
    'gen_ai',
    'process',
    'nodejs',
  ],
  budget: { perMetric: 50_000, perService: 150_000 },
  metrics: {
    ...catalogMetrics,
    ...gatewayMetrics,
    ...callMetrics,
    ...collectorMetrics,
    ...ownMetrics,
    ...runtimeMetrics,
  },
  spans,
  routes,
  boundaries,
  resourceAttributes: ['service.name', 'service.version', 'deployment.environment', 'service.instance.id'],
  correlationFields: ['correlation_id', 'user_id', 'org_id', 'event_id'],
  logFields,
  sensitiveKeys,
  auditMetadataKeys,
  slos,
  retention: { metricsDays: 30, tracesDays: 14, logsDays: 30, auditDays: 365 },
});

export type IbexContract = typeof ibexContract;
