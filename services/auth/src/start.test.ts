import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { freePorts } from '../../../tests/src/support/free-ports.ts';
import { type AuthProcess, spawnAuth, startAuth, stopAuth } from './testing/auth-process.ts';
import { Cleanup } from './testing/cleanup.ts';

const nobody = 65_534;

/** All the service said, as one text. */
function saidBy(auth: AuthProcess): string {
  return [...auth.lines.map((line) => JSON.stringify(line)), auth.stderr()].join('\n');
}

describe('a start that cannot succeed', () => {
  const cleanup = new Cleanup();

  /** Expects exit 1 and the parts in what was said. */
  async function refuses(
    environment: Readonly<Record<string, string>>,
    { parts, uid }: { parts: readonly string[]; uid?: number },
  ): Promise<string> {
    const auth = spawnAuth({
      cleanup,
      environment: { IBEX_DATA_DIR: join(cleanup.directory(), 'data'), ...environment },
      ...(uid === undefined ? {} : { uid }),
    });
    assert.equal(await auth.exited, 1, saidBy(auth));
    for (const part of parts)
      assert.ok(saidBy(auth).includes(part), `"${part}" is missing in: ${saidBy(auth)}`);
    return saidBy(auth);
  }

  it('names a setting that is missing or wrong, and never shows a secret', async () => {
    await refuses(
      { IBEX_AUTH_TOKEN_HASH_KEY: '' },
      { parts: ['IBEX_AUTH_TOKEN_HASH_KEY must be set', '_FILE'] },
    );
    const short = await refuses(
      { IBEX_AUTH_TOKEN_HASH_KEY: 'too-short' },
      { parts: ['IBEX_AUTH_TOKEN_HASH_KEY must be at least 32 characters long'] },
    );
    assert.ok(!short.includes('too-short'));
    await refuses({ IBEX_AUTH_HTTP_PORT: '80x' }, { parts: ['IBEX_AUTH_HTTP_PORT', '80x'] });
    await refuses({ IBEX_AUTH_DATABASE_CONNECTIONS: '0' }, { parts: ['IBEX_AUTH_DATABASE_CONNECTIONS'] });
    const wrongScheme = await refuses(
      { DATABASE_URL: 'mysql://user:hunter2@127.0.0.1/x' },
      { parts: ['DATABASE_URL must be a URL like postgres://'] },
    );
    assert.ok(!wrongScheme.includes('hunter2'));
  });

  it('names a Postgres server that does not answer, without its password', async () => {
    const [port] = await freePorts(1);
    const said = await refuses(
      { DATABASE_URL: `postgres://user:hunter2@127.0.0.1:${port}/tokens` },
      { parts: [`DATABASE_URL`, `127.0.0.1:${port}/tokens`, 'ECONNREFUSED'] },
    );
    assert.ok(!said.includes('hunter2'));
  });

  it('names a data directory that cannot be written', async () => {
    const file = join(cleanup.directory(), 'file');
    writeFileSync(file, '');
    const parts = [`Cannot write to the data directory ${join(file, 'auth')}`, 'set IBEX_DATA_DIR'];
    await refuses({ IBEX_DATA_DIR: file }, { parts });
  });

  it('names a data directory of another user', {
    skip: process.getuid?.() !== 0 && 'needs root',
  }, async () => {
    const directory = join(cleanup.directory(), 'of-root');
    mkdirSync(directory, { mode: 0o755 });
    const parts = [
      `Cannot write to the data directory ${join(directory, 'auth')}`,
      'EACCES',
      `user id ${nobody}`,
    ];
    await refuses({ IBEX_DATA_DIR: directory }, { parts, uid: nobody });
  });

  it('says that a database directory is damaged', async () => {
    const directory = cleanup.directory();
    mkdirSync(join(directory, 'auth', 'postgres'), { recursive: true });
    writeFileSync(join(directory, 'auth', 'postgres', 'PG_VERSION'), '18\n');
    await refuses(
      { IBEX_DATA_DIR: directory },
      { parts: [`Cannot open the database in ${join(directory, 'auth', 'postgres')}`, 'Restore'] },
    );
    assert.ok(!existsSync(join(directory, 'auth', 'lock')), 'the directory is given back');
  });

  it('refuses a second instance on the same directory, and a taken port', async () => {
    const [directory, other] = [cleanup.directory(), cleanup.directory()];
    const first = await startAuth({ cleanup, environment: { IBEX_DATA_DIR: directory } });
    await refuses(
      { IBEX_DATA_DIR: directory },
      { parts: [`in use by process ${first.child.pid}`, 'IBEX_DATA_DIR'] },
    );
    const addresses = {
      IBEX_AUTH_HTTP_PORT: first.httpUrl,
      IBEX_AUTH_GRPC_PORT: `http://${first.grpcAddress}`,
    };
    for (const [setting, address] of Object.entries(addresses)) {
      const { port } = new URL(address);
      // The same directory for both, so that its database is made once.
      const environment = { IBEX_DATA_DIR: other, [setting]: port };
      await refuses(environment, { parts: ['EADDRINUSE', port, `Set ${setting} to a free port`] });
    }
    assert.equal(await stopAuth(first), 0);
    const again = await startAuth({ cleanup, environment: { IBEX_DATA_DIR: directory } });
    assert.equal(await stopAuth(again), 0);
  });
});
