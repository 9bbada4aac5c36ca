import { type ChannelCredentials, credentials } from '@grpc/grpc-js';
import { type AuthConnectionSettings, type Environment, readAuthConnectionTls } from '@ibex/service';

/**
 * How the connection to auth is secured.
 * @throws {SettingsError} when a file is wrong, or production is to run without encryption.
 */
export function authCredentials(
  settings: AuthConnectionSettings,
  environment: Environment,
): ChannelCredentials {
  const tls = readAuthConnectionTls(settings, environment);
  if (tls === undefined) return credentials.createInsecure();
  return credentials.createSsl(tls.ca, tls.key, tls.certificate);
}
