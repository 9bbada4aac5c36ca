import type { FastifyInstance } from 'fastify';

const contentSecurityPolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

const headers = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Files say otherwise for themselves.
  'cache-control': 'no-store',
} as const;

/** Puts the security headers on every answer, errors included; HTTPS is insisted on where cookies need it. */
export function addSecurityHeaders(app: FastifyInstance, options: { secure: boolean }): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
    if (options.secure) reply.header('strict-transport-security', 'max-age=31536000');
  });
}
