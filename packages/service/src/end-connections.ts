import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';

const sweepEveryMs = 50;
/** For a client that has just connected, or is sending its headers, to come out with its request. */
const silenceMs = 500;

/** Node's own name for the answer that is being written on a connection, or waited for. */
export interface AnsweringSocket extends Socket {
  readonly _httpMessage?: { readonly headersSent: boolean } | null;
}

/**
 * Has connections end once the server closes. Node ends those that are idle at that moment alone: one that becomes idle
 * afterwards would stay until its keep-alive is over, and one on which no request has come about as long as its client likes.
 */
export function endConnectionsOnClose(app: FastifyInstance): void {
  const { server } = app;
  const open = new Set<AnsweringSocket>();
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  app.addHook('preClose', (done) => {
    const closingSince = performance.now();
    const sweep = setInterval(() => {
      if (open.size === 0 && !server.listening) return clearInterval(sweep);
      // An immediate comes after the reading: a connection on which a request has arrived is not idle any more.
      setImmediate(() => {
        server.closeIdleConnections();
        if (performance.now() - closingSince > silenceMs) endSilent(open);
      });
    }, sweepEveryMs);
    done();
  });
}

function endSilent(open: ReadonlySet<AnsweringSocket>): void {
  for (const socket of open) if (!socket._httpMessage) socket.destroy();
}
