import { settings } from '@ibex/service';

const minimumKeyLength = 32;

/** The variables of the service, as the operator writes them. */
export const authSettings = {
  IBEX_AUTH_HTTP_PORT: settings.port(8081),
  IBEX_AUTH_GRPC_PORT: settings.port(50051),
  /** The key of the stored hashes. With another key no stored token is valid any more. */
  IBEX_AUTH_TOKEN_HASH_KEY: settings.secret({ minimumLength: minimumKeyLength }),
  /** The revocation budget: how long callers may remember a verdict while they are not told of revocations. */
  IBEX_AUTH_CACHE_TTL_MS: settings.milliseconds(1000),
  /** How long callers may remember a verdict while they are told. */
  IBEX_AUTH_WATCHED_CACHE_TTL_MS: settings.milliseconds(60_000),
  /** Of one organisation, over the admin API; 0 for no limit. */
  IBEX_AUTH_ADMIN_REQUESTS_PER_MINUTE: settings.integer(600, { maximum: 1_000_000 }),
  /** A Postgres server; without one the service keeps its own database under IBEX_DATA_DIR. */
  DATABASE_URL: settings.optionalSecret(),
  IBEX_AUTH_DATABASE_CONNECTIONS: settings.integer(10, { minimum: 1, maximum: 1000 }),
  IBEX_DATA_DIR: settings.text('.ibex'),
  /** Where to keep the first credentials; without it none are made. */
  IBEX_CREDENTIALS_FILE: settings.optionalText(),
  /** Certificate and key of both servers, PEM. */
  IBEX_AUTH_TLS_CERTIFICATE_FILE: settings.optionalText(),
  IBEX_AUTH_TLS_KEY_FILE: settings.optionalText(),
  /** With it gRPC takes calls only from clients with a certificate signed by one of these. */
  IBEX_AUTH_TLS_CLIENT_CA_FILE: settings.optionalText(),
  /** Says that something in front of the service, e.g. a mesh, ends TLS. */
  IBEX_AUTH_ALLOW_PLAINTEXT: settings.boolean(false),
};
