import assert from 'node:assert/strict';
import { defineContract } from '../define.ts';
import { ContractError, type ContractFinding } from '../errors.ts';
import type { ContractDefinition, MetricDefinition } from '../model.ts';

export const requests: MetricDefinition = {
  type: 'counter',
  unit: 'requests',
  help: 'Requests.',
  labels: { route: ['/a', '/b'], result: ['ok', 'error'] },
  services: ['api'],
};
export const duration: MetricDefinition = {
  type: 'histogram',
  unit: 'seconds',
  help: 'How long it took.',
  labels: { result: ['ok', 'error'] },
  buckets: [0.1, 0.25, 1],
  services: ['api'],
};
export const objective = {
  surface: 'API',
  metric: 'acme_request_duration_seconds',
  selector: { result: ['ok'] },
  objective: 0.95,
  thresholdSeconds: 0.3,
  evaluatedAtSeconds: 0.25,
};
/** A small contract that holds. */
export const valid: ContractDefinition = {
  services: ['api', 'worker'],
  namespaces: ['acme'],
  budget: { perMetric: 100, perService: 200 },
  metrics: { acme_requests_total: requests, acme_request_duration_seconds: duration },
  spans: { job: { name: 'job', kind: 'internal', service: ['worker'], required: [], optional: [] } },
  resourceAttributes: ['service.name'],
  correlationFields: ['correlation_id'],
  logFields: { msg: { type: 'string', help: 'What happened.' } },
  sensitiveKeys: ['password'],
  auditMetadataKeys: ['reason'],
  slos: { api_p95: objective },
  retention: { metricsDays: 30, tracesDays: 7, logsDays: 30, auditDays: 365 },
};

/** What `defineContract` finds. */
export function findingsOf(contract: ContractDefinition): readonly ContractFinding[] {
  try {
    defineContract(contract);
    return [];
  } catch (error) {
    assert.ok(error instanceof ContractError);
    return error.findings;
  }
}

/** The findings of the valid contract with one more metric, a counter without labels but for what is given. */
export function withMetric(name: string, metric: Partial<MetricDefinition>): readonly ContractFinding[] {
  const metrics = { ...valid.metrics, [name]: { ...requests, labels: {}, ...metric } };
  return findingsOf({ ...valid, metrics });
}

/** The one finding there is. */
export function only(findings: readonly ContractFinding[]): ContractFinding {
  assert.equal(findings.length, 1, JSON.stringify(findings));
  return findings[0] as ContractFinding;
}
