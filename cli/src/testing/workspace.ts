import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serviceScripts } from '../children/services.ts';
import { portNames, portSettings } from '../settings/ports.ts';
import { sourceHash } from '../web-build/source-hash.ts';

const tinyService = fileURLToPath(new URL('./tiny-service.ts', import.meta.url));
const runUp = fileURLToPath(new URL('./run-up.ts', import.meta.url));

/** A workspace of tiny services in a temporary directory, and `ibex up` on it as a process of its own. */
export class TestWorkspace {
  readonly root = mkdtempSync(join(tmpdir(), 'ibex-up-'));
  readonly dataDirectory = join(this.root, 'data');
  environment: NodeJS.ProcessEnv = {};
  output = '';
  #process: ChildProcess | undefined;

  /** Lays out the services with a web console that is built already, and finds seven free ports. */
  async prepare(): Promise<void> {
    for (const script of Object.values(serviceScripts)) {
      this.write(script, `import ${JSON.stringify(tinyService)};\n`);
    }
    this.write('package.json', '{"type":"module"}');
    this.write('package-lock.json', '{}');
    this.write('services/console/web/index.html', '<p>console</p>');
    const web = join(this.root, 'services/console/web');
    this.write(
      'services/console/web/dist/.build-hash',
      sourceHash(web, join(this.root, 'package-lock.json')),
    );
    this.write('services/console/web/dist/index.html', '<p>console</p>');
    mkdirSync(this.dataDirectory);
    this.environment = { PATH: process.env.PATH, IBEX_DATA_DIR: this.dataDirectory, LANG: 'C.UTF-8' };
    const ports = await freePorts(portNames.length);
    for (const [index, name] of portNames.entries()) {
      this.environment[portSettings[name].variable] = String(ports[index]);
    }
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  /** Starts `ibex up`; resolves with its exit code when it ends. */
  run(): { pid: number; ended: Promise<number | null> } {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', runUp, this.root], {
      cwd: this.root,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
    return { pid: child.pid ?? 0, ended };
  }

  /** Waits until the output has the text; fails with the output when that takes 20 s. */
  async untilOutput(text: string): Promise<void> {
    await until(
      () => this.output.includes(text),
      () => `${text} in:\n${this.output}`,
    );
  }

  /** What the services noted, in order. */
  events(): string[] {
    return this.#readLines('events.log');
  }

  /** The bodies of the log requests the collector acknowledged. */
  receivedLogs(): string[] {
    return this.#readLines('received.jsonl');
  }

  remove(): void {
    this.#process?.kill('SIGKILL');
    rmSync(this.root, { recursive: true, force: true });
  }

  #readLines(name: string): string[] {
    try {
      return readFileSync(join(this.dataDirectory, name), 'utf8').trim().split('\n');
    } catch {
      return [];
    }
  }
}

/** Waits for a condition, at most 20 s. */
export async function until(isSo: () => boolean, describe: () => string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Ports nobody listens on, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port.');
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
