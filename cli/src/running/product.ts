import { join } from 'node:path';
import { credentialsFile, type EnvironmentSources } from '../children/environment.ts';
import { Fleet } from '../children/fleet.ts';
import { launchService } from '../children/launch.ts';
import { type ServiceName, serviceUrls } from '../children/services.ts';
import { LogPipeline } from '../logs/log-pipeline.ts';
import { LogShipper } from '../logs/log-shipper.ts';
import { readQueryToken } from '../secrets/query-token.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { UpSettings } from '../settings/up-settings.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface ProductOptions {
  /** The root of the workspace. */
  readonly root: string;
  readonly settings: UpSettings;
  readonly secrets: Secrets;
  readonly environment: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  /** Told of every process that was started. */
  readonly onStarted: (name: ServiceName, pid: number) => void;
}

/** The running whole: the services, and the way of their log lines. */
export interface Product {
  readonly settings: UpSettings;
  readonly secrets: Secrets;
  readonly fleet: Fleet;
  readonly shipper: LogShipper;
  readonly pipeline: LogPipeline;
  readonly urls: Readonly<Record<ServiceName, string>>;
  readonly credentialsFile: string;
  /** Opens the collector's query API. */
  readonly queryToken: string;
}

/** Puts the parts together; nothing is started yet. */
export function createProduct(options: ProductOptions): Product {
  const { settings, secrets, terminal } = options;
  const note = (text: string) => terminal.line(terminal.style.yellow(`ibex: ${text}`));
  const shipper = new LogShipper({
    url: `http://127.0.0.1:${settings.ports.collectorOtlpHttp}`,
    deploymentEnvironment: settings.deploymentEnvironment,
    onLoss: note,
  });
  const pipeline = new LogPipeline({ shipper, terminal });
  const launch = { root: options.root, sources: environmentSources(options), pipeline };
  const fleet = new Fleet({
    launch: (name) => {
      const started = launchService(name, launch);
      if (started.pid !== undefined) options.onStarted(name, started.pid);
      return started;
    },
    lastLines: (name) => pipeline.lastLines(name),
    onRestart: (name, text) => pipeline.note(text, name),
  });
  return {
    settings,
    secrets,
    fleet,
    shipper,
    pipeline,
    urls: serviceUrls(settings),
    credentialsFile: credentialsFile(settings),
    queryToken: readQueryToken(secrets, options.environment),
  };
}

function environmentSources({ root, settings, secrets, environment }: ProductOptions): EnvironmentSources {
  return {
    settings,
    secrets,
    inherited: environment,
    compileCacheDirectory:
      environment.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'node-compile'),
  };
}
