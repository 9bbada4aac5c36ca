import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { CallTiming } from '../calls/call-timing.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the time of the request goes. */
    timing: CallTiming;
  }
}

/** Gives every request its clock. */
export const startTiming: onRequestHookHandler = (request, _reply, done) => {
  request.timing = new CallTiming();
  done();
};

/** A step whose time counts as authentication or as limits. */
export function timed(
  phase: 'authMs' | 'limitMs',
  step: (request: FastifyRequest, reply: FastifyReply) => Promise<void>,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async (request, reply) => {
    const startedAt = performance.now();
    try {
      await step(request, reply);
    } finally {
      request.timing[phase] += performance.now() - startedAt;
    }
  };
}
