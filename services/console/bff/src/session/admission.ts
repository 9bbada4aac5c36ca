import { createHash, timingSafeEqual } from 'node:crypto';
import type { Operation } from '@ibex/api/operation';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';
import { clearSessionCookie, sessionIdOf } from './cookie.ts';
import type { Session } from './session.ts';
import type { SessionKeeper } from './session-keeper.ts';

const adminPaths = ['/admin/ops', '/api/telemetry'] as const;

export interface AdmissionOptions {
  readonly keeper: SessionKeeper;
  readonly secureCookies: boolean;
}

/**
 * Lets a request through to its operation: a session where the document asks for one, the CSRF header where something
 * changes, the role admin for telemetry and operations.
 */
export class Admission {
  readonly #keeper: SessionKeeper;
  readonly #secure: boolean;

  constructor(options: AdmissionOptions) {
    this.#keeper = options.keeper;
    this.#secure = options.secureCookies;
  }

  /** @throws {Problem} 401, 403 or 503 as the case is. */
  async admit(
    operation: Operation,
    exchange: { request: FastifyRequest; reply: FastifyReply },
  ): Promise<void> {
    if (!operation.isSecured) return;
    const session = await this.requireSession(exchange);
    if (operation.method !== 'GET') requireCsrfToken(exchange.request, session);
    if (adminPaths.some((path) => operation.path.startsWith(path))) requireAdmin(session);
  }

  /** The caller's session, which the request then carries. */
  async requireSession(exchange: { request: FastifyRequest; reply: FastifyReply }): Promise<Session> {
    const { request, reply } = exchange;
    const id = sessionIdOf(request);
    const session = id === undefined ? undefined : await this.#keeper.find(id);
    if (session === undefined) {
      if (id !== undefined) clearSessionCookie(reply, { secure: this.#secure });
      const message =
        id === undefined ? 'Nobody is logged in. Log in first.' : 'The session has ended. Log in again.';
      throw new Problem(401, { code: id === undefined ? 'not_logged_in' : 'session_ended', message });
    }
    request.consoleSession = session;
    Object.assign(request.ibex, { orgId: session.identity.orgId });
    if (session.identity.userId !== null) request.ibex.userId = session.identity.userId;
    return session;
  }
}

/** @throws {Problem} 403 unless the session's role is admin. */
export function requireAdmin(session: Session): void {
  const { role } = session.identity;
  if (role === 'admin') return;
  const message = `This needs the role admin; the session has the role ${role}. Log in with an administrator's token.`;
  throw new Problem(403, { code: 'forbidden', message });
}

function requireCsrfToken(request: FastifyRequest, session: Session): void {
  const given = request.headers['x-ibex-csrf'];
  if (typeof given === 'string' && timingSafeEqual(digest(given), digest(session.csrfToken))) return;
  const message =
    'The header X-Ibex-CSRF must hold the csrfToken of the session. Read it from GET /api/session.';
  throw new Problem(403, { code: given === undefined ? 'csrf_token_missing' : 'csrf_token_wrong', message });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
