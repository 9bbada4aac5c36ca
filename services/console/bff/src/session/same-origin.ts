import type { FastifyRequest } from 'fastify';

/**
 * Whether a request comes from the console's own pages. Browsers say where a request comes from in `Sec-Fetch-Site` and
 * `Origin`; a program that is no browser sends neither, and cannot be tricked into a login.
 */
export function isSameOrigin(request: FastifyRequest, options: { secure: boolean }): boolean {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin === undefined) return true;
  const sender = URL.parse(origin);
  if (sender === null || sender.host === '') return false;
  if (options.secure && sender.protocol !== 'https:') return false;
  return sender.host === URL.parse(`${sender.protocol}//${host}`)?.host;
}
