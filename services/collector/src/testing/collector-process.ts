import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
export const QUERY_TOKEN = 'token-of-the-process-test';

export interface CollectorOptions {
  dataDirectory: string;
  environment?: Record<string, string>;
}

/** The whole collector as a process of its own, on ports the system chose. */
export class CollectorProcess {
  readonly lines: string[] = [];
  /** `host:port` by the name of what listens. */
  readonly addresses = new Map<string, string>();
  errors = '';
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts it; resolves when it has started, or has ended before. */
  static async start({ dataDirectory, environment = {} }: CollectorOptions): Promise<CollectorProcess> {
    const env = {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      IBEX_DATA_DIR: dataDirectory,
      IBEX_COLLECTOR_OTLP_GRPC_PORT: '0',
      IBEX_COLLECTOR_OTLP_HTTP_PORT: '0',
      IBEX_COLLECTOR_QUERY_PORT: '0',
      IBEX_COLLECTOR_QUERY_TOKEN: QUERY_TOKEN,
      ...environment,
    };
    const collector = new CollectorProcess(
      spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    await collector.#started();
    return collector;
  }

  /** Ends it as a crash of the machine would. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exitCode();
  }

  /** Asks it to stop. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    return this.exitCode();
  }

  async exitCode(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  url(name: 'query' | 'otlp_grpc' | 'otlp_http'): string {
    return `http://${this.addresses.get(name)?.replace('http://', '')}`;
  }

  /** The answer of the query API to a path. */
  async query<Answer>(path: string): Promise<Answer> {
    const headers = { authorization: `Bearer ${QUERY_TOKEN}` };
    const answer = await fetch(`${this.url('query')}${path}`, { headers });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }

  #started(): Promise<void> {
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error('the collector has no output');
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text;
    });
    return new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
      createInterface({ input: stdout }).on('line', (line) => {
        this.lines.push(line);
        const { msg, operation, address } = JSON.parse(line) as Record<string, string>;
        if (msg === 'listening' && operation !== undefined && address !== undefined)
          this.addresses.set(operation, address);
        if (msg === 'started') resolve();
      });
    });
  }
}
