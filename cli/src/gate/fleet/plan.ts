import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProbeValues } from '../probes/fill.ts';

/** A process to start for a gate. */
export interface MemberPlan {
  /** The service's name in the contract. */
  readonly name: string;
  readonly url: string;
  /** Base of its metrics, health and readiness; often the same as `url`. */
  readonly metricsUrl: string;
  /** Answers 200 once the service can be asked. */
  readonly readyPath: string;
  /** Node's flags, the script and its arguments. */
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/** What to start: in this order, stopped in reverse. */
export interface FleetPlan {
  readonly members: readonly MemberPlan[];
  /** The values that probes name, once all are ready. */
  readValues(): ProbeValues;
  /** Ends what was started along with the plan. */
  close(): Promise<void>;
}

/** Every trace recorded, every span on standard output, nothing sent anywhere. */
const config = {
  observability: { tracing: { sampler: { type: 'always' }, exporter: { type: 'stdout' } } },
};

/** Writes the configuration that lets a service show everything, and what more it is given; returns the file's name. */
export function writeConfig(directory: string, more: Readonly<Record<string, unknown>> = {}): string {
  const file = join(directory, 'config.yaml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ ...config, ...more }));
  return file;
}
