import type { components } from '@ibex/api/console';

export type Role = components['schemas']['Session']['role'];

/** Whom auth says a token belongs to. */
export interface Identity {
  readonly orgId: string;
  /** Null for a token of the organisation itself. */
  readonly userId: string | null;
  readonly role: Role;
  /** Null when the token does not expire. */
  readonly tokenExpiresAtUnixMs: number | null;
  /** How long auth lets this verdict be trusted. */
  readonly trustedForMs: number;
}

/** One login. The token is there only sealed: it takes the browser's cookie to open it. */
export interface Session {
  readonly csrfToken: string;
  readonly createdAtUnixMs: number;
  readonly sealedToken: Buffer;
  identity: Identity;
  lastSeenAtUnixMs: number;
  /** When auth last said yes. */
  verifiedAtUnixMs: number;
  /** When auth is asked again, at the next request. */
  nextCheckAtUnixMs: number;
  /** The question to auth that is under way: requests at the same time share it. */
  checking: Promise<void> | undefined;
  /** Set while auth cannot be reached. */
  authUnreachable: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Whoever calls; undefined without a valid session, and on routes that need none. */
    consoleSession: Session | undefined;
  }
}
