import { join } from 'node:path';
import type { LogPipeline } from '../logs/log-pipeline.ts';
import { type EnvironmentSources, environmentOf } from './environment.ts';
import { ServiceProcess } from './service-process.ts';
import { type ServiceName, serviceScripts } from './services.ts';

export interface LaunchOptions {
  /** The root of the workspace. */
  readonly root: string;
  readonly sources: EnvironmentSources;
  readonly pipeline: LogPipeline;
}

/** Starts the process of one service, with its lines going into the pipeline. */
export function launchService(name: ServiceName, { root, sources, pipeline }: LaunchOptions): ServiceProcess {
  return new ServiceProcess({
    args: ['--disable-warning=ExperimentalWarning', join(root, serviceScripts[name])],
    environment: environmentOf(name, sources),
    onLine: (text, stream) => pipeline.take(text, { service: name, stream }),
  });
}
