import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.ts';
import { freePorts } from './free-ports.ts';
import { findProgram } from './programs.ts';

const execute = promisify(execFile);

/** What a suite that uses `startPostgres` hands to `skipWithout`. */
export const postgresPrograms = ['initdb', 'postgres', 'createdb', 'pg_isready'] as const;

/** A Postgres server of its own for a test, with an empty data directory that goes with it. */
export interface PostgresServer {
  /** Makes an empty database and gives its URL. */
  createDatabase(): Promise<string>;
  /** Ends the server at once, connections and all; `start` brings it back with its data. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops the server and removes its data. */
  dispose(): Promise<void>;
}

interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** Postgres refuses to run as root: then it runs as the account its package made. */
function serverAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === 'postgres');
  if (entry === undefined) {
    throw new Error(
      'Postgres cannot run as root and there is no account "postgres". Install Debian\'s package postgresql.',
    );
  }
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

function program(name: (typeof postgresPrograms)[number]): string {
  const path = findProgram(name);
  if (path !== undefined) return path;
  throw new Error(`${name} is not installed. Install Debian's package postgresql, or leave this suite out.`);
}

class TemporaryServer implements PostgresServer {
  readonly #directory: string;
  readonly #account: Account;
  readonly #port: number;
  #process: ChildProcess | undefined;
  #databases = 0;

  constructor(options: { directory: string; account: Account; port: number }) {
    this.#directory = options.directory;
    this.#account = options.account;
    this.#port = options.port;
  }

  async createDatabase(): Promise<string> {
    this.#databases += 1;
    const name = `test_${this.#databases}`;
    await execute(program('createdb'), [...this.#address(), '-U', 'postgres', name], { cwd: tmpdir() });
    return `postgres://postgres@127.0.0.1:${this.#port}/${name}`;
  }

  async start(): Promise<void> {
    // Durability is what the services under test are asked about, not the throw-away server: -F saves the fsyncs.
    const options = [
      '-D',
      this.#directory,
      '-k',
      this.#directory,
      '-h',
      '127.0.0.1',
      '-p',
      String(this.#port),
      '-F',
    ];
    this.#process = spawn(program('postgres'), options, {
      ...this.#account,
      cwd: this.#directory,
      stdio: 'ignore',
    });
    const isReady = () => execute(program('pg_isready'), this.#address(), { cwd: tmpdir() });
    await eventually(isReady, { what: 'the Postgres server' });
  }

  async stop(): Promise<void> {
    const server = this.#process;
    this.#process = undefined;
    if (server === undefined || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGQUIT');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #address(): string[] {
    return ['-h', '127.0.0.1', '-p', String(this.#port)];
  }
}

/**
 * Starts Debian's Postgres in a temporary directory on a free port. Anybody on this machine may connect to it.
 *
 * @throws {Error} when it is not installed; a suite that may be left out asks `skipWithout(...postgresPrograms)` first.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const initdb = program('initdb');
  const account = serverAccount();
  const directory = mkdtempSync(join(tmpdir(), 'ibex-postgres-'));
  if (account.uid !== undefined && account.gid !== undefined) chownSync(directory, account.uid, account.gid);
  const options = ['-D', directory, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await execute(initdb, options, { ...account, cwd: directory });
  const [port = 0] = await freePorts(1);
  const server = new TemporaryServer({ directory, account, port });
  await server.start();
  return server;
}
