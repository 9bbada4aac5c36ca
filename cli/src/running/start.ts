import { waitUntilReady } from '../children/readiness.ts';
import { type ServiceName, serviceNames } from '../children/services.ts';
import { completeCredentials } from '../secrets/credentials.ts';
import { bannerLines } from '../terminal/banner.ts';
import type { Progress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { planWebBuild } from '../web-build/build.ts';
import type { Product } from './product.ts';

export interface StartOptions {
  readonly root: string;
  readonly product: Product;
  readonly progress: Progress;
  /** Ends the waiting and the building. */
  readonly signal: AbortSignal;
}

const readyTimeoutMs = 60_000;

/** Starts every service and builds the web console if it is out of date; resolves when all is ready. */
export async function startProduct(given: StartOptions): Promise<void> {
  const { product } = given;
  const over = new AbortController();
  const options = { ...given, signal: AbortSignal.any([given.signal, over.signal]) };
  for (const name of serviceNames) product.fleet.start(name);
  const ready = serviceNames.map((name) => waitForService(name, options));
  const broken = product.fleet.broken.then((reason) => Promise.reject(reason));
  try {
    await Promise.race([Promise.all([buildWebConsole(options), ...ready]), broken]);
    product.fleet.markRunning();
  } finally {
    over.abort();
  }
}

async function waitForService(name: ServiceName, { product, progress, signal }: StartOptions): Promise<void> {
  progress.begin(name);
  await waitUntilReady({ name, url: `${product.urls[name]}/readyz`, timeoutMs: readyTimeoutMs, signal });
  progress.done(name, `ready on ${product.urls[name]}`);
}

async function buildWebConsole({ root, progress, signal }: StartOptions): Promise<void> {
  const build = planWebBuild(root);
  if (!build.isNeeded) return;
  progress.say('  Building the web console: it is new, or its sources changed.');
  progress.begin('web console');
  await build.run({ signal });
  progress.done('web console', 'built');
}

/** Says where everything is, then lets the services' log lines through. */
export function announce(product: Product, options: { terminal: Terminal; readySeconds: number }): void {
  const { settings, secrets, urls, credentialsFile } = product;
  const { apiKey } = completeCredentials(credentialsFile, { consoleUrl: urls.console });
  const lines = bannerLines(
    {
      ports: settings.ports,
      apiKey,
      loginUrl: `${urls.console}/login/${secrets.loginCode}`,
      consoleUrl: urls.console,
      dataDirectory: settings.dataDirectory,
      credentialsFile,
      readySeconds: options.readySeconds,
    },
    options.terminal,
  );
  for (const line of lines) options.terminal.line(line);
  product.pipeline.show();
}
