import { experimental, ServerCredentials } from '@grpc/grpc-js';
import {
  type NamedFile,
  SettingsError,
  type SettingsOf,
  TlsFiles,
  type TlsMaterial,
  validityProblem,
} from '@ibex/service';
import type { Telemetry } from '@ibex/telemetry';
import type { authSettings } from './config.ts';

type Settings = SettingsOf<typeof authSettings>;
type CertificateProvider = experimental.CertificateProvider;
type IdentityListener = Parameters<CertificateProvider['addIdentityCertificateListener']>[0];
type CaListener = Parameters<CertificateProvider['addCaCertificateListener']>[0];

type FileSetting =
  | 'IBEX_AUTH_TLS_CERTIFICATE_FILE'
  | 'IBEX_AUTH_TLS_KEY_FILE'
  | 'IBEX_AUTH_TLS_CLIENT_CA_FILE';

function named(settings: Settings, setting: FileSetting): NamedFile | undefined {
  const path = settings[setting];
  return path === undefined ? undefined : { setting, path };
}

function isProduction(environment: Readonly<Record<string, string | undefined>>): boolean {
  return environment.IBEX_ENV?.trim() === 'production';
}

/**
 * The certificate of the settings; undefined for a service without TLS.
 * @throws {SettingsError} when half of it is missing, a file is wrong, or production is to run without.
 */
export function openTlsFiles(
  settings: Settings,
  environment: Readonly<Record<string, string | undefined>>,
): TlsFiles | undefined {
  const certificate = named(settings, 'IBEX_AUTH_TLS_CERTIFICATE_FILE');
  const key = named(settings, 'IBEX_AUTH_TLS_KEY_FILE');
  const ca = named(settings, 'IBEX_AUTH_TLS_CLIENT_CA_FILE');
  if (certificate !== undefined && key !== undefined) return new TlsFiles({ certificate, key, ca });
  const present = certificate ?? key ?? ca;
  if (present !== undefined) {
    const missing = certificate === undefined ? 'IBEX_AUTH_TLS_CERTIFICATE_FILE' : 'IBEX_AUTH_TLS_KEY_FILE';
    throw new SettingsError(missing, `${missing} must be set when ${present.setting} is: it is missing.`);
  }
  if (isProduction(environment) && !settings.IBEX_AUTH_ALLOW_PLAINTEXT) {
    throw new SettingsError(
      'IBEX_AUTH_TLS_CERTIFICATE_FILE',
      'IBEX_AUTH_TLS_CERTIFICATE_FILE and IBEX_AUTH_TLS_KEY_FILE must be set when IBEX_ENV is production: tokens would cross the network readable. ' +
        'docs/auth.md says how to make them. Where a mesh in front of the service ends TLS, set IBEX_AUTH_ALLOW_PLAINTEXT to true.',
    );
  }
  return undefined;
}

/** Hands what the files hold to gRPC, again after each reload. */
function certificateProvider(files: TlsFiles): CertificateProvider {
  const identityListeners = new Set<IdentityListener>();
  const caListeners = new Set<CaListener>();
  const identity = ({ certificate, key }: TlsMaterial) => ({ certificate, privateKey: key });
  const authority = ({ ca }: TlsMaterial) => (ca === undefined ? null : { caCertificate: ca });
  files.onChange((material) => {
    for (const listener of caListeners) listener(authority(material));
    for (const listener of identityListeners) listener(identity(material));
  });
  return {
    addIdentityCertificateListener: (listener) => {
      identityListeners.add(listener);
      process.nextTick(listener, identity(files.material));
    },
    removeIdentityCertificateListener: (listener) => void identityListeners.delete(listener),
    addCaCertificateListener: (listener) => {
      caListeners.add(listener);
      process.nextTick(listener, authority(files.material));
    },
    removeCaCertificateListener: (listener) => void caListeners.delete(listener),
  };
}

/** How the gRPC server shows itself, and whom it lets in. */
export function grpcCredentials(files: TlsFiles | undefined): ServerCredentials {
  if (files === undefined) return ServerCredentials.createInsecure();
  const provider = certificateProvider(files);
  const isMutual = files.material.ca !== undefined;
  return experimental.createCertificateProviderServerCredentials(
    provider,
    isMutual ? provider : null,
    isMutual,
  );
}

/** Says when callers will not accept the certificate, or soon will not. */
function warnOfValidity({ material }: TlsFiles, { logger }: Telemetry): void {
  const reason = validityProblem(material.certificate);
  if (reason !== undefined)
    logger.warn('the certificate of IBEX_AUTH_TLS_CERTIFICATE_FILE is to be renewed', { reason });
}

function reload(files: TlsFiles, telemetry: Telemetry): void {
  const { logger } = telemetry;
  try {
    files.reload();
    logger.info('certificates loaded again');
    warnOfValidity(files, telemetry);
  } catch (error) {
    logger.error('certificates cannot be loaded: the present ones stay in use', { error });
  }
}

/**
 * Reads the files again on SIGHUP; wrong ones are named in the log and the present ones stay. Without files the signal is
 * heard all the same: it would end the process.
 */
export function reloadOnSignal(files: TlsFiles | undefined, telemetry: Telemetry): () => void {
  if (files !== undefined) warnOfValidity(files, telemetry);
  const onSignal = () => {
    if (files === undefined) telemetry.logger.info('there is nothing to load again: no certificates are set');
    else reload(files, telemetry);
  };
  process.on('SIGHUP', onSignal);
  return () => process.off('SIGHUP', onSignal);
}
