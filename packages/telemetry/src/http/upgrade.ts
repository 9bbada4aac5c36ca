import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { builtinHttp } from '../builtin-http.ts';
import { runInScope } from '../context/scope.ts';
import type { Telemetry } from '../telemetry.ts';
import type { NodeHttpOptions } from './node-http.ts';
import { createHttpObserver, unmatchedRoute } from './observer.ts';
import { keepRecord } from './record.ts';

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => unknown;

const statusLine = /^HTTP\/1\.1 (\d{3})/;

/**
 * Wraps a listener of a server's `upgrade` event, e.g. for WebSockets, which no framework sees as a request. The upgrade
 * is recorded once, when it is answered: with the status of the answer, 101 where the protocol was switched, and 499
 * where the client left before. What goes over the connection afterwards is not observed.
 *
 * @example
 * ```ts
 * const webSockets = new WebSocketServer({ noServer: true });
 * server.on('upgrade', observeUpgrade(telemetry, (request, socket, head) => {
 *   webSockets.handleUpgrade(request, socket, head, serve);
 * }, { route: () => '/ws/:room' }));
 * ```
 */
export function observeUpgrade(
  telemetry: Telemetry,
  listener: UpgradeListener,
  { route, listener: name }: NodeHttpOptions = {},
): UpgradeListener {
  const observe = createHttpObserver(telemetry, { listener: name });
  return (request, socket, head) => {
    // It is never sent: it stands for the answer that the listener writes to the socket by itself.
    const response = new builtinHttp.ServerResponse(request);
    const record = observe(request, response, { route: route?.(request) ?? unmatchedRoute });
    keepRecord(request, record);
    const end = () => {
      socket.off('close', end);
      socket.write = write;
      response.emit('close');
    };
    const { write } = socket;
    socket.write = ((chunk: unknown, ...rest: []) => {
      const status = statusLine.exec(String(chunk));
      if (status !== null) {
        response.statusCode = Number(status[1]);
        Object.defineProperty(response, 'writableFinished', { value: true });
      }
      const accepted: boolean = Reflect.apply(write, socket, [chunk, ...rest]);
      end();
      return accepted;
    }) as typeof socket.write;
    socket.once('close', end);
    runInScope({ request: record, span: record.span }, () => {
      try {
        listener(request, socket, head);
      } catch (error) {
        record.error ??= error;
        socket.destroy();
      }
    });
  };
}
