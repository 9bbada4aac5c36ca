import { setTimeout as delay } from 'node:timers/promises';
import { currentRequest, currentSpan } from '../../context/scope.ts';

export interface PlainAnswer {
  readonly status: number;
  readonly text: string;
  /** The handler throws once it has answered. */
  readonly thenThrows?: boolean;
}
export type Answer = (params: Record<string, string>) => Promise<PlainAnswer | ReadableStream<Uint8Array>>;

export const tooEarly = new Error('thrown before the handler');
export const brokenStream = new Error('thrown in mid-stream');
const chunks = 5;

function ok(text: string): PlainAnswer {
  return { status: 200, text };
}

/** What the handler sees of the request it serves, before and after it has waited. */
async function identify({ id = '' }: Record<string, string>): Promise<PlainAnswer> {
  const before = currentRequest()?.requestId;
  await delay(Number(id) % 7);
  await new Promise((resolve) => process.nextTick(resolve));
  return ok([id, before, currentRequest()?.requestId, currentSpan()?.traceId].join(' '));
}

function stream(): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    pull: async (controller) => {
      await delay(1);
      if (sent++ === chunks) controller.close();
      else controller.enqueue(Buffer.from(`chunk ${sent}\n`));
    },
  });
}

/** A stream that goes on until its reader leaves. */
function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: async (controller) => {
      await delay(5);
      controller.enqueue(Buffer.alloc(64, 'x'));
    },
  });
}

/** A stream that fails when its head and a part of it are on the wire. */
function breaking(): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    pull: async (controller) => {
      await delay(5);
      if (sent++ === 2) throw brokenStream;
      controller.enqueue(Buffer.from(`chunk ${sent}\n`));
    },
  });
}

/** Answers long after an impatient client has left. */
async function wait(): Promise<PlainAnswer> {
  await delay(150);
  return ok('late');
}

/** The routes of the shared suite, the same for every framework. */
export const routes: Readonly<Record<string, Answer>> = {
  '/': async () => ok('root'),
  '/users/:id': identify,
  '/orgs/:orgId/users/:id': identify,
  '/orgs/:orgId/throws': async () => Promise.reject(new RangeError('thrown in a nested handler')),
  '/healthz': async () => ok('ok'),
  '/empty': async () => ({ status: 204, text: '' }),
  '/stream': async () => stream(),
  '/endless': async () => endless(),
  '/breaks': async () => breaking(),
  '/waits': wait,
  '/throws': async () => Promise.reject(new TypeError('thrown in the handler')),
  '/throws-after': async () => ({ ...ok('answered'), thenThrows: true }),
};
