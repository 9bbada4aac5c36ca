import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../harness/free-port.ts';
import { startProgram } from './program.ts';

const script = fileURLToPath(import.meta.resolve('../../../services/auth/src/main.ts'));

/** The auth service on a database of its own, and a token it knows. */
export interface RunningAuth {
  readonly grpcAddress: string;
  readonly apiKey: string;
  stop(): Promise<void>;
}

export async function startAuth(cpu: number): Promise<RunningAuth> {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-bench-gateway-'));
  const credentialsFile = join(directory, 'credentials.json');
  const [httpPort, grpcPort] = [await freePort(), await freePort()];
  const auth = await startProgram({
    cpu,
    script,
    environment: {
      IBEX_HOST: '127.0.0.1',
      IBEX_DATA_DIR: directory,
      IBEX_CREDENTIALS_FILE: credentialsFile,
      IBEX_AUTH_HTTP_PORT: String(httpPort),
      IBEX_AUTH_GRPC_PORT: String(grpcPort),
      IBEX_AUTH_TOKEN_HASH_KEY: 'a key that only this benchmark ever uses',
    },
    readyUrl: `http://127.0.0.1:${httpPort}/readyz`,
  });
  const { api_key: apiKey } = JSON.parse(readFileSync(credentialsFile, 'utf8')) as { api_key: string };
  return {
    grpcAddress: `127.0.0.1:${grpcPort}`,
    apiKey,
    stop: async () => {
      await auth.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
