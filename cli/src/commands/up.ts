import { waitForLeftBehind } from '../data-directory/left-behind.ts';
import { type DirectoryLock, lockDataDirectory } from '../data-directory/lock.ts';
import { prepareDataDirectory } from '../data-directory/prepare.ts';
import { checkPorts } from '../ports/check.ts';
import { createProduct, type Product } from '../running/product.ts';
import { announce, startProduct } from '../running/start.ts';
import { stopProduct } from '../running/stop.ts';
import { StopRequest } from '../running/stop-request.ts';
import { prepareSecrets } from '../secrets/secrets.ts';
import { readUpSettings, type UpSettings } from '../settings/up-settings.ts';
import { Progress } from '../terminal/progress.ts';
import { report } from '../terminal/report.ts';
import { Terminal } from '../terminal/terminal.ts';
import { UserError } from '../user-error.ts';

export interface UpOptions {
  /** The root of the workspace. */
  readonly root: string;
  /** The working directory: where `config.yaml` and a relative data directory are. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Longer than a service may take to stop. */
const leftBehindPatienceMs = 6_000;

/** Runs the product until it is asked to stop; resolves with the exit code. Throws a {@link UserError} before anything runs. */
export async function up(options: UpOptions): Promise<number> {
  const settings = readUpSettings(options.environment, options.directory);
  const terminal = new Terminal(process.stdout, options.environment);
  prepareDataDirectory(settings.dataDirectory);
  const lock = lockDataDirectory(settings.dataDirectory);
  try {
    await waitForLeftBehind(lock.leftBehind, {
      patienceMs: leftBehindPatienceMs,
      onWait: () => terminal.line('  The run before this one was killed; its services are still stopping.'),
    });
    await checkPorts(settings.ports);
    return await run(settings, { ...options, terminal, lock });
  } finally {
    lock.release();
  }
}

interface RunOptions extends UpOptions {
  readonly terminal: Terminal;
  readonly lock: DirectoryLock;
}

async function run(settings: UpSettings, options: RunOptions): Promise<number> {
  const { root, environment, terminal, lock } = options;
  const secrets = prepareSecrets(settings.dataDirectory);
  const onStarted = lock.noteStarted;
  const product = createProduct({ root, settings, secrets, environment, terminal, onStarted });
  const stop = new StopRequest({ onImpatience: () => endAtOnce(product) });
  const failure = await untilOver({ root, product, terminal, stop });
  if (failure !== undefined) report(failure);
  else terminal.line(terminal.style.dim(`Stopping ${terminal.style.symbols.ellipsis}`));
  for (const text of await stopProduct(product)) report(new UserError(text));
  if (failure === undefined) terminal.line(terminal.style.dim('Stopped.'));
  return failure === undefined ? 0 : 1;
}

interface Run {
  readonly root: string;
  readonly product: Product;
  readonly terminal: Terminal;
  readonly stop: StopRequest;
}

/** Starts, announces, and waits for the wish to stop. Resolves with the reason when it cannot go on. */
async function untilOver({ root, product, terminal, stop }: Run): Promise<unknown> {
  const progress = new Progress(terminal);
  const stopped = stop.requested.then(() => 'stopped' as const);
  try {
    const start = startProduct({ root, product, progress, signal: stop.signal });
    if ((await Promise.race([start, stopped])) === 'stopped') return undefined;
    progress.stop();
    // The clock runs from the start of this process.
    announce(product, { terminal, readySeconds: performance.now() / 1000 });
    return await Promise.race([stopped.then(() => undefined), product.fleet.broken]);
  } catch (error) {
    return error;
  } finally {
    progress.stop();
  }
}

function endAtOnce({ fleet }: Product): never {
  fleet.killAll();
  process.exit(130);
}
