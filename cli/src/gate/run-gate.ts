import { attachGate } from './attach/attach-gate.ts';
import { startGate } from './fleet/start-gate.ts';
import type { GateRequest } from './gate-request.ts';
import type { GateReport } from './model.ts';

/** Holds running services against the contract. */
export async function runGate(request: GateRequest): Promise<GateReport> {
  const startedAt = performance.now();
  const { target } = request;
  const inspections =
    target.kind === 'attach' ? await attachGate(request, target) : await startGate(request, target);
  return { inspections, durationMs: performance.now() - startedAt };
}
