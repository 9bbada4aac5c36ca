import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { z } from 'zod';
import { checkAuthority } from './certificates.ts';
import { describeError } from './describe-error.ts';
import { type Environment, settings as fields } from './settings.ts';
import { SettingsError } from './settings-error.ts';

/** How a client of auth reaches it, as the operator writes it. */
export const authConnectionSettings = {
  IBEX_AUTH_GRPC_ADDRESS: fields
    .text('127.0.0.1:50051')
    .refine((address) => !/^https?:/i.test(address))
    .meta({ rule: 'an address of gRPC such as auth:50051, without http://' }),
  /** Who may have signed auth's certificate, PEM; with it the connection is encrypted. */
  IBEX_AUTH_GRPC_CA_FILE: fields.optionalText(),
  /** Our certificate and key, PEM, for an auth that asks for them. */
  IBEX_AUTH_GRPC_CERTIFICATE_FILE: fields.optionalText(),
  IBEX_AUTH_GRPC_KEY_FILE: fields.optionalText(),
  /** The name auth's certificate is for, where that is not the host of the address. */
  IBEX_AUTH_GRPC_SERVER_NAME: fields.optionalText(),
  /** Says that something between us and auth, e.g. a mesh, encrypts. */
  IBEX_AUTH_ALLOW_PLAINTEXT: fields.boolean(false),
} as const;

export type AuthConnectionSettings = z.output<z.ZodObject<typeof authConnectionSettings>>;

/** What gRPC's `createSsl` takes; null where there is none. */
export interface AuthConnectionTls {
  readonly ca: Buffer | null;
  readonly key: Buffer | null;
  readonly certificate: Buffer | null;
}

type FileSetting = Extract<keyof AuthConnectionSettings, `${string}_FILE`>;

function readNamed(settings: AuthConnectionSettings, setting: FileSetting): Buffer | null {
  const path = settings[setting];
  if (path === undefined) return null;
  try {
    return readFileSync(path);
  } catch (error) {
    throw new SettingsError(setting, `${setting} must name a readable file: ${describeError(error)}`);
  }
}

function checkPair(settings: AuthConnectionSettings): void {
  const { IBEX_AUTH_GRPC_CERTIFICATE_FILE: certificate, IBEX_AUTH_GRPC_KEY_FILE: key } = settings;
  if ((certificate === undefined) === (key === undefined)) return;
  const names = ['IBEX_AUTH_GRPC_CERTIFICATE_FILE', 'IBEX_AUTH_GRPC_KEY_FILE'] as const;
  const [missing, present] = certificate === undefined ? names : ([names[1], names[0]] as const);
  throw new SettingsError(missing, `${missing} must be set when ${present} is: it is missing.`);
}

function checkFiles({ ca, key, certificate }: AuthConnectionTls): void {
  if (ca !== null) checkAuthority('IBEX_AUTH_GRPC_CA_FILE', ca);
  try {
    createSecureContext({ ca: ca ?? undefined, key: key ?? undefined, cert: certificate ?? undefined });
  } catch (error) {
    const names = 'IBEX_AUTH_GRPC_CA_FILE, IBEX_AUTH_GRPC_CERTIFICATE_FILE and IBEX_AUTH_GRPC_KEY_FILE';
    const message = `${names} must name PEM files that belong together: ${describeError(error)}`;
    throw new SettingsError('IBEX_AUTH_GRPC_CA_FILE', message);
  }
}

/**
 * How the connection to auth is encrypted; undefined when it is not.
 * @throws {SettingsError} when a file is wrong, or production is to run without.
 */
export function readAuthConnectionTls(
  settings: AuthConnectionSettings,
  environment: Environment,
): AuthConnectionTls | undefined {
  checkPair(settings);
  const tls = {
    ca: readNamed(settings, 'IBEX_AUTH_GRPC_CA_FILE'),
    key: readNamed(settings, 'IBEX_AUTH_GRPC_KEY_FILE'),
    certificate: readNamed(settings, 'IBEX_AUTH_GRPC_CERTIFICATE_FILE'),
  };
  if (tls.ca !== null || tls.certificate !== null) {
    checkFiles(tls);
    return tls;
  }
  if (environment.IBEX_ENV?.trim() === 'production' && !settings.IBEX_AUTH_ALLOW_PLAINTEXT) {
    throw new SettingsError(
      'IBEX_AUTH_GRPC_CA_FILE',
      'IBEX_AUTH_GRPC_CA_FILE must be set when IBEX_ENV is production: tokens would cross the network readable. ' +
        'docs/auth.md says how to make the files. Where a mesh encrypts the way to auth, set IBEX_AUTH_ALLOW_PLAINTEXT to true.',
    );
  }
  return undefined;
}
