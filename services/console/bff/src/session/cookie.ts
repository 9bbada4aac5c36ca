import type { FastifyReply, FastifyRequest } from 'fastify';

/** Name of the session cookie, as the API's document has it. */
export const sessionCookieName = 'ibex_session';

/** Puts the session's id into the browser, out of reach of scripts and of other sites. */
export function setSessionCookie(reply: FastifyReply, options: { id: string; secure: boolean }): void {
  reply.setCookie(sessionCookieName, options.id, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: options.secure,
  });
}

export function clearSessionCookie(reply: FastifyReply, options: { secure: boolean }): void {
  reply.clearCookie(sessionCookieName, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: options.secure,
  });
}

/** The id the browser sent, if any. */
export function sessionIdOf(request: FastifyRequest): string | undefined {
  return request.cookies[sessionCookieName];
}
