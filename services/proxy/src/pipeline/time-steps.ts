import type { FastifyError, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { CallTiming } from '../calls/call-timing.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the time of the request goes. */
    timing: CallTiming;
  }
}

/** A part of what every request goes through before its handler. It throws, or rejects with, what refuses the request. */
export type Step = (request: FastifyRequest, reply: FastifyReply) => Promise<void> | undefined;

/** Gives every request its clock. */
export const startTiming: Step = (request) => {
  request.timing = new CallTiming();
  return undefined;
};

/** A step whose time counts as authentication or as limits. */
export function timed(phase: 'authMs' | 'limitMs', step: Step): Step {
  return (request, reply) => {
    const { timing } = request;
    const startedAt = performance.now();
    const pending = step(request, reply);
    if (pending !== undefined) {
      return pending.finally(() => {
        timing[phase] += performance.now() - startedAt;
      });
    }
    timing[phase] += performance.now() - startedAt;
    return undefined;
  };
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

function runFrom(first: number, steps: readonly Step[], exchange: Exchange): Promise<void> | undefined {
  for (let index = first; index < steps.length; index += 1) {
    const pending = steps[index]?.(exchange.request, exchange.reply);
    if (pending !== undefined) return pending.then(() => runFrom(index + 1, steps, exchange));
  }
  return undefined;
}

/**
 * Runs the steps one after another, and waits only for those that wait for something: nearly every request finds its token
 * among the verdicts that are known, and goes through all steps within one turn.
 */
export function inOrder(steps: readonly Step[]): onRequestHookHandler {
  return (request, reply, done) => {
    let pending: Promise<void> | undefined;
    try {
      pending = runFrom(0, steps, { request, reply });
    } catch (error) {
      done(error as FastifyError);
      return;
    }
    if (pending === undefined) done();
    else pending.then(() => done(), done);
  };
}
