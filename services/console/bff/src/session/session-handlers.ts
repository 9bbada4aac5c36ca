import type { Logger } from '@ibex/telemetry/logs';
import type { Call, Handlers } from '../openapi/handlers.ts';
import { Problem } from '../problem.ts';
import { clearSessionCookie, sessionIdOf, setSessionCookie } from './cookie.ts';
import { readAdminToken } from './credentials-file.ts';
import type { LoginCode } from './login-code.ts';
import type { LoginLimiter } from './login-limiter.ts';
import { isSameOrigin } from './same-origin.ts';
import type { Session } from './session.ts';
import type { SessionKeeper } from './session-keeper.ts';

export interface SessionHandlersOptions {
  readonly keeper: SessionKeeper;
  readonly limiter: LoginLimiter;
  readonly loginCode: LoginCode;
  /** Where the administrator's token for the one-time link is read from. */
  readonly credentialsFile: string | undefined;
  readonly secureCookies: boolean;
  readonly logger: Logger;
}

type SessionHandlers = Pick<Handlers, 'getSession' | 'login' | 'logout' | 'loginWithCode'>;

/** Logging in with a token or the one-time link, saying who is logged in, logging out. */
export function createSessionHandlers(options: SessionHandlersOptions): SessionHandlers {
  const { keeper } = options;

  function describe(session: Session) {
    const { userId, orgId, role } = session.identity;
    const expiresAtUnixMs = keeper.expiresAtUnixMs(session);
    return { userId, orgId, role, csrfToken: session.csrfToken, expiresAtUnixMs };
  }

  return {
    async getSession({ session }) {
      return describe(required(session));
    },

    async login(call) {
      requireSameOrigin(call, options);
      requireAttempt(call, options);
      const session = await startSession(call, { ...options, token: call.body.token });
      return describe(session);
    },

    async logout({ request, reply }) {
      const id = sessionIdOf(request);
      if (id !== undefined) keeper.close(id);
      clearSessionCookie(reply, { secure: options.secureCookies });
      options.logger.info('logged out');
      reply.code(204);
      return undefined;
    },

    async loginWithCode(call) {
      call.reply.code(302).header('location', await landingOf(call, options));
      return undefined;
    },
  };
}

async function startSession(
  { request, reply }: Pick<Call<'login'>, 'request' | 'reply'>,
  options: SessionHandlersOptions & { token: string },
): Promise<Session> {
  const { id, session } = await options.keeper.open(options.token);
  // A login replaces the one before in this browser, so that no old id stays good.
  const previous = sessionIdOf(request);
  if (previous !== undefined) options.keeper.close(previous);
  setSessionCookie(reply, { id, secure: options.secureCookies });
  const { orgId, userId } = session.identity;
  options.logger.info('logged in', { org_id: orgId, ...(userId === null ? {} : { user_id: userId }) });
  return session;
}

/** Where the one-time link leads: into the console, or to the login page with the reason. */
async function landingOf(call: Call<'loginWithCode'>, options: SessionHandlersOptions): Promise<string> {
  const { code } = call.path;
  if (options.limiter.attempt(call.request.ip) > 0) return '/login?reason=too_many_attempts';
  if (options.credentialsFile === undefined || !options.loginCode.take(code))
    return '/login?reason=link_used';
  try {
    const token = await readAdminToken(options.credentialsFile);
    await startSession(call, { ...options, token });
    return '/admin/ops';
  } catch (error) {
    options.loginCode.giveBack(code);
    options.logger.error('the one-time link could not log in', { error });
    return error instanceof Problem && error.statusCode === 503
      ? '/login?reason=auth_unavailable'
      : '/login?reason=link_failed';
  }
}

function required(session: Session | undefined): Session {
  if (session === undefined) throw new Error('an operation with a session ran without one');
  return session;
}

function requireSameOrigin(call: Call<'login'>, options: SessionHandlersOptions): void {
  if (isSameOrigin(call.request, { secure: options.secureCookies })) return;
  const message =
    "Logging in works only from the console's own pages: this request comes from another origin.";
  throw new Problem(403, { code: 'cross_origin', message });
}

function requireAttempt(call: Call<'login'>, options: SessionHandlersOptions): void {
  const waitSeconds = options.limiter.attempt(call.request.ip);
  if (waitSeconds === 0) return;
  call.reply.header('retry-after', waitSeconds);
  const message = `Too many logins were tried from this address. Try again in ${waitSeconds} seconds.`;
  throw new Problem(429, { code: 'too_many_attempts', message });
}
