import { readFileSync } from 'node:fs';
import { type ChannelCredentials, credentials } from '@grpc/grpc-js';
import { type Environment, settings as fields, SettingsError } from '@ibex/service';
import type { z } from 'zod';

/** How the gateway reaches auth, as the operator writes it. */
export const authConnectionSettings = {
  IBEX_AUTH_GRPC_ADDRESS: fields.text('127.0.0.1:50051'),
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

type AuthConnectionSettings = z.output<z.ZodObject<typeof authConnectionSettings>>;
type FileSetting = Extract<keyof AuthConnectionSettings, `${string}_FILE`>;

function readNamed(settings: AuthConnectionSettings, setting: FileSetting): Buffer | null {
  const path = settings[setting];
  if (path === undefined) return null;
  try {
    return readFileSync(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingsError(setting, `${setting} must name a readable file: ${reason}`);
  }
}

function checkPair(settings: AuthConnectionSettings): void {
  const { IBEX_AUTH_GRPC_CERTIFICATE_FILE: certificate, IBEX_AUTH_GRPC_KEY_FILE: key } = settings;
  if ((certificate === undefined) === (key === undefined)) return;
  const [missing, present] =
    certificate === undefined
      ? ['IBEX_AUTH_GRPC_CERTIFICATE_FILE', 'IBEX_AUTH_GRPC_KEY_FILE']
      : ['IBEX_AUTH_GRPC_KEY_FILE', 'IBEX_AUTH_GRPC_CERTIFICATE_FILE'];
  throw new SettingsError(missing, `${missing} must be set when ${present} is: it is missing.`);
}

/**
 * How the connection to auth is secured.
 * @throws {SettingsError} when a file is wrong, or production is to run without encryption.
 */
export function authCredentials(
  settings: AuthConnectionSettings,
  environment: Environment,
): ChannelCredentials {
  checkPair(settings);
  const ca = readNamed(settings, 'IBEX_AUTH_GRPC_CA_FILE');
  const certificate = readNamed(settings, 'IBEX_AUTH_GRPC_CERTIFICATE_FILE');
  const key = readNamed(settings, 'IBEX_AUTH_GRPC_KEY_FILE');
  if (ca !== null || certificate !== null) return secured({ ca, certificate, key });
  if (environment.IBEX_ENV?.trim() === 'production' && !settings.IBEX_AUTH_ALLOW_PLAINTEXT) {
    throw new SettingsError(
      'IBEX_AUTH_GRPC_CA_FILE',
      'IBEX_AUTH_GRPC_CA_FILE must be set when IBEX_ENV is production: tokens would cross the network readable. ' +
        'docs/auth.md says how to make the files. Where a mesh encrypts between gateway and auth, set IBEX_AUTH_ALLOW_PLAINTEXT to true.',
    );
  }
  return credentials.createInsecure();
}

function secured({
  ca,
  certificate,
  key,
}: Record<'ca' | 'certificate' | 'key', Buffer | null>): ChannelCredentials {
  try {
    return credentials.createSsl(ca, key, certificate);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const names = 'IBEX_AUTH_GRPC_CA_FILE, IBEX_AUTH_GRPC_CERTIFICATE_FILE and IBEX_AUTH_GRPC_KEY_FILE';
    throw new SettingsError(
      'IBEX_AUTH_GRPC_CA_FILE',
      `${names} must name PEM files that belong together: ${reason}`,
    );
  }
}
