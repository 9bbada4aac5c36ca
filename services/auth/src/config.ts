import { settings } from '@ibex/service';

const minimumKeyLength = 32;

/** The variables of the service, as the operator writes them. */
export const authSettings = {
  IBEX_AUTH_HTTP_PORT: settings.port(8081),
  IBEX_AUTH_GRPC_PORT: settings.port(50051),
  /** The key of the stored hashes. With another key no stored token is valid any more. */
  IBEX_AUTH_TOKEN_HASH_KEY: settings.secret({ minimumLength: minimumKeyLength }),
  /** How long a revoked token may still be accepted by callers that remember a verdict. */
  IBEX_AUTH_CACHE_TTL_MS: settings.milliseconds(5000),
  /** A Postgres server; without one the service keeps its own database under IBEX_DATA_DIR. */
  DATABASE_URL: settings.optionalSecret(),
  IBEX_AUTH_DATABASE_CONNECTIONS: settings.integer(10, { minimum: 1, maximum: 1000 }),
  IBEX_DATA_DIR: settings.text('.ibex'),
  /** Where to keep the first credentials; without it none are made. */
  IBEX_CREDENTIALS_FILE: settings.optionalText(),
};
