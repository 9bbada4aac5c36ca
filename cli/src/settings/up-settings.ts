import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../user-error.ts';
import { type Ports, readPorts } from './ports.ts';

/** What `ibex up` is told by its environment. */
export interface UpSettings {
  readonly ports: Ports;
  /** Absolute. */
  readonly dataDirectory: string;
  /** Absolute path of the configuration file; undefined when there is none. */
  readonly configFile: string | undefined;
  /** The `deployment.environment` of everything the services report. */
  readonly deploymentEnvironment: string;
  /** The user's choice; without one the configuration file's holds, and without that every trace is recorded. */
  readonly sampleRatio: string | undefined;
}

/** Reads the settings of `ibex up`; throws a {@link UserError} naming the variable as it was written. */
export function readUpSettings(environment: NodeJS.ProcessEnv, directory: string): UpSettings {
  return {
    ports: readPorts(environment),
    dataDirectory: resolve(directory, written(environment, 'IBEX_DATA_DIR') ?? '.ibex'),
    configFile: findConfigFile(environment, directory),
    deploymentEnvironment:
      written(environment, 'OTEL_DEPLOYMENT_ENVIRONMENT') ??
      written(environment, 'IBEX_ENV') ??
      'development',
    sampleRatio: written(environment, 'OTEL_SAMPLE_RATIO'),
  };
}

/** A variable's value; one that is set but empty counts as left out. */
function written(environment: NodeJS.ProcessEnv, variable: string): string | undefined {
  const value = environment[variable]?.trim();
  return value === '' ? undefined : value;
}

function findConfigFile(environment: NodeJS.ProcessEnv, directory: string): string | undefined {
  const named = written(environment, 'IBEX_CONFIG');
  const path = resolve(directory, named ?? 'config.yaml');
  if (existsSync(path)) return path;
  if (named === undefined) return undefined;
  throw new UserError(
    `IBEX_CONFIG must name a file that exists: there is no ${path}. Set it right, or leave it out for config.yaml in the working directory.`,
  );
}
