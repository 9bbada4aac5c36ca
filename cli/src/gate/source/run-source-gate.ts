import type { GateReport } from '../model.ts';

export async function runSourceGate(_: {
  directory: string;
  configFile: string | undefined;
  from: string;
}): Promise<GateReport> {
  return { inspections: [], durationMs: 0 };
}
