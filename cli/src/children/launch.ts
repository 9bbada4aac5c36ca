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

/**
 * A young generation of 2 MB instead of 16: tried with 100 requests, proxy and console take 105 MB each instead of 135.
 */
const nodeFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=2'];

/**
 * For all but the proxy, whose requests people wait for: the heap is collected sooner, and the optimising compiler is
 * not worth the memory it takes.
 */
const frugalFlags = ['--optimize-for-size', '--no-opt'];

/** Starts the process of one service, with its lines going into the pipeline. */
export function launchService(name: ServiceName, { root, sources, pipeline }: LaunchOptions): ServiceProcess {
  return new ServiceProcess({
    args: [...nodeFlags, ...(name === 'proxy' ? [] : frugalFlags), join(root, serviceScripts[name])],
    environment: environmentOf(name, sources),
    onLine: (text, stream) => pipeline.take(text, { service: name, stream }),
  });
}
