import type { TokenVerdict } from '@ibex/api/auth';
import { Problem } from '../problem.ts';
import { type AuthClient, AuthUnreachable } from './auth-client.ts';
import { openToken } from './sealed-token.ts';
import type { Identity, Role, Session } from './session.ts';
import type { SessionStore } from './session-store.ts';

const maximumTrustMs = 60_000;
const retryAfterFailureMs = 5000;
const roles: readonly string[] = ['admin', 'ops', 'member'] satisfies Role[];

const refusals: Partial<Record<TokenVerdict['status'], { code: string; message: string }>> = {
  TOKEN_STATUS_EXPIRED: {
    code: 'token_expired',
    message: 'The token has expired. Log in with a current one.',
  },
  TOKEN_STATUS_REVOKED: {
    code: 'token_revoked',
    message: 'The token has been revoked. Log in with another one.',
  },
};
const unknownToken = {
  code: 'invalid_token',
  message:
    "The token is not known. Copy it whole; the administrator's is admin_token in the credentials file that the first start wrote.",
};

export interface SessionKeeperOptions {
  readonly auth: Pick<AuthClient, 'validateToken'>;
  readonly store: SessionStore;
  /** How long a session outlives an unreachable auth, counted from its last verdict. */
  readonly graceMs: number;
  /** The present, Unix milliseconds. */
  readonly now?: () => number;
}

/** Opens sessions for tokens and ends them when auth takes its word back. */
export class SessionKeeper {
  readonly #auth: Pick<AuthClient, 'validateToken'>;
  readonly #store: SessionStore;
  readonly #graceMs: number;
  readonly #now: () => number;

  constructor(options: SessionKeeperOptions) {
    this.#auth = options.auth;
    this.#store = options.store;
    this.#graceMs = options.graceMs;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Exchanges a token for a session.
   * @throws {Problem} 401 when auth refuses the token, 503 when auth gives no verdict.
   */
  async open(token: string): Promise<{ id: string; session: Session }> {
    const verdict = await this.#auth.validateToken(token).catch(asProblem);
    const identity = identityOf(verdict);
    if (identity === undefined) throw new Problem(401, refusals[verdict.status] ?? unknownToken);
    return this.#store.create(identity, token);
  }

  /**
   * The session of that id, asked about at auth when its verdict is old; undefined when there is none (any more).
   * @throws {Problem} 503 when auth has given no verdict for longer than the grace.
   */
  async find(id: string): Promise<Session | undefined> {
    const session = this.#store.find(id);
    if (session === undefined) return undefined;
    if (this.#now() >= session.nextCheckAtUnixMs) {
      session.checking ??= this.#check(id, session).finally(() => {
        session.checking = undefined;
      });
      await session.checking;
    }
    if (!this.#store.has(id)) return undefined;
    if (session.authUnreachable && this.#now() >= this.graceEndsAtUnixMs(session))
      throw new Problem(503, {
        code: 'auth_unavailable',
        message:
          'Auth has not answered for too long to trust this session. Check that the auth service runs; the session goes on when it answers.',
      });
    return session;
  }

  close(id: string): void {
    this.#store.delete(id);
  }

  expiresAtUnixMs(session: Session): number {
    return this.#store.expiresAtUnixMs(session);
  }

  /** Until when a session is kept on its last verdict while auth cannot be reached. */
  graceEndsAtUnixMs(session: Session): number {
    return session.verifiedAtUnixMs + this.#graceMs;
  }

  async #check(id: string, session: Session): Promise<void> {
    try {
      const identity = identityOf(await this.#auth.validateToken(openToken(session.sealedToken, id)));
      if (identity === undefined) return this.#store.delete(id);
      const now = this.#now();
      Object.assign(session, { identity, verifiedAtUnixMs: now, authUnreachable: false });
      session.nextCheckAtUnixMs = now + identity.trustedForMs;
    } catch (error) {
      if (!(error instanceof AuthUnreachable)) throw error;
      session.authUnreachable = true;
      session.nextCheckAtUnixMs = this.#now() + retryAfterFailureMs;
    }
  }
}

function identityOf(verdict: TokenVerdict): Identity | undefined {
  if (verdict.status !== 'TOKEN_STATUS_OK' || !isRole(verdict.role)) return undefined;
  return {
    orgId: verdict.orgId,
    userId: verdict.userId === '' ? null : verdict.userId,
    role: verdict.role,
    tokenExpiresAtUnixMs: verdict.expiresAtUnixMs === 0 ? null : verdict.expiresAtUnixMs,
    trustedForMs: Math.min(maximumTrustMs, Math.max(0, verdict.cacheTtlMs)),
  };
}

function isRole(role: string): role is Role {
  return roles.includes(role);
}

function asProblem(error: unknown): never {
  if (!(error instanceof AuthUnreachable)) throw error;
  throw new Problem(503, {
    code: 'auth_unavailable',
    message: `Logging in needs auth, but ${error.message}`,
    cause: error,
  });
}
