import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const services = new URL('../../../../', import.meta.url);

/** A service of this repository as a process of its own, on ports the system chose. */
export class ServiceProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #addresses = new Map<string, string>();
  readonly #exited: Promise<unknown>;
  /** Everything it wrote. */
  output = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#exited = once(child, 'close');
  }

  /** Starts a service, named by its folder under `services/`, and waits until it listens. */
  static async start(folder: string, environment: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    const main = fileURLToPath(new URL(`${folder}/src/main.ts`, services));
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, [main], { env: { PATH, ...environment } });
    const service = new ServiceProcess(child);
    await service.#started(child);
    return service;
  }

  /** The address a server of it listens on, without a scheme; `name` as the service logs it. */
  address(name: string): string {
    const address = this.#addresses.get(name);
    if (address === undefined) throw new Error(`it has no server ${name}: ${this.output}`);
    return address.replace(/^\w+:\/\//, '');
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  /** Asks it to stop and waits until it has. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#child.kill(signal);
    await this.#exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.stop('SIGKILL');
  }

  async #started({ stdout, stderr }: ReturnType<typeof spawn>): Promise<void> {
    stderr?.on('data', (chunk) => {
      this.output += chunk;
    });
    const started = Promise.withResolvers<void>();
    void this.#exited.then(() => started.reject(new Error(`it ended at its start: ${this.output}`)));
    if (stdout !== null)
      createInterface({ input: stdout }).on('line', (line) => this.#read(line, started.resolve));
    await started.promise;
  }

  #read(line: string, onStarted: () => void): void {
    this.output += `${line}\n`;
    const { msg, operation, address } = JSON.parse(line) as Record<string, string | undefined>;
    if (msg === 'listening' && operation !== undefined && address !== undefined)
      this.#addresses.set(operation, address);
    if (msg === 'started') onStarted();
  }
}
