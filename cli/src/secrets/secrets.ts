import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../user-error.ts';
import { makePrivateDirectory, writePrivateFile } from './private-file.ts';

/** Where the secrets of one data directory are kept, for the services to read. */
export interface Secrets {
  readonly tokenHashKeyFile: string;
  readonly queryTokenFile: string;
  readonly loginCodeFile: string;
  /** The console's one-time login code, fresh on each start. */
  readonly loginCode: string;
}

const secretShape = /^[A-Za-z0-9_-]{43}$/;

/** Makes what is missing under `<data>/secrets`: keys that last, and a login code for this start. */
export function prepareSecrets(dataDirectory: string): Secrets {
  const directory = join(dataDirectory, 'secrets');
  makePrivateDirectory(directory);
  const loginCode = newSecret();
  const loginCodeFile = join(directory, 'login-code');
  writePrivateFile(loginCodeFile, loginCode);
  return {
    tokenHashKeyFile: keepSecret(join(directory, 'token-hash-key'), {
      advice: 'Restore it: no token issued so far works without it. Or set IBEX_DATA_DIR to a new directory.',
    }),
    queryTokenFile: keepSecret(join(directory, 'query-token'), {
      advice: 'Remove it: the next start makes a new one.',
    }),
    loginCodeFile,
    loginCode,
  };
}

/** 32 random bytes, as 43 characters that need no quoting in a URL or a shell. */
function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function keepSecret(path: string, options: { advice: string }): string {
  if (!existsSync(path)) {
    writePrivateFile(path, newSecret());
    return path;
  }
  if (!secretShape.test(readFileSync(path, 'utf8').trim())) {
    throw new UserError(`${path} must hold 43 characters of base64url, and does not. ${options.advice}`);
  }
  chmodSync(path, 0o600);
  return path;
}
