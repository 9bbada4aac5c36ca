import { type FleetPlan, writeConfig } from './plan.ts';

export interface ScriptPlanOptions {
  /** The script Node runs, and the address it will answer at. */
  readonly script: string;
  readonly url: string;
  readonly metricsUrl: string;
  /** The service's name in the contract. */
  readonly service: string;
  readonly readyPath: string;
  /** Where the configuration for the run is written. */
  readonly directory: string;
  /** Given to the script as it is: it may need its database. */
  readonly environment: NodeJS.ProcessEnv;
  /** Values that its probes name. */
  readonly values: ReadonlyMap<string, string>;
}

/** Plans a service of another repository: a script that reads `IBEX_CONFIG`, as `runService` does. */
export function planScript(options: ScriptPlanOptions): FleetPlan {
  const { service, url, metricsUrl, script, directory, readyPath, environment, values } = options;
  return {
    members: [
      {
        name: service,
        url,
        metricsUrl,
        readyPath,
        args: [script],
        environment: {
          ...environment,
          IBEX_CONFIG: writeConfig(directory),
          IBEX_LOG_FORMAT: 'json',
          IBEX_LOG_LEVEL: 'DEBUG',
          IBEX_STOP_ON_STDIN_END: 'true',
        },
      },
    ],
    readValues: () => new Map(values),
    close: async () => undefined,
  };
}
