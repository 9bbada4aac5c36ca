import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { httpTelemetry } from '../http/fastify.ts';
import type { FinishedSpan } from '../traces/span.ts';
import { startTestTelemetry } from './start-test-telemetry.ts';

/** A listening Fastify server with the telemetry plugin, and what it recorded. */
export async function startApp(
  addRoutes: (app: FastifyInstance) => void,
  options: Parameters<typeof startTestTelemetry>[1] = {},
) {
  const { telemetry, exporter, destination } = startTestTelemetry('proxy', options);
  const app = fastify({ forceCloseConnections: true });
  app.register(httpTelemetry, { telemetry });
  addRoutes(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;

  /** Ends the server and the telemetry; resolves with all spans. */
  async function finish(): Promise<readonly FinishedSpan[]> {
    await app.close();
    await telemetry.stop();
    return exporter.spans;
  }

  /** Sends bytes as they are and resolves with everything that comes back until the server hangs up. */
  async function sendRaw(text: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => {});
    socket.write(text);
    await once(socket, 'close');
    return Buffer.concat(chunks).toString();
  }

  /** The line that was written at the end of the request, waited for. */
  async function endLine(requestId: string): Promise<Record<string, unknown>> {
    for (;;) {
      const line = destination.lines.find(
        (each) => each.request_id === requestId && String(each.msg).startsWith('request '),
      );
      if (line !== undefined) return line;
      await new Promise(setImmediate);
    }
  }

  return { app, telemetry, destination, url: `http://127.0.0.1:${port}`, port, finish, sendRaw, endLine };
}

/** The value of one series of an exposition; undefined when it is not there. */
export function seriesValue(exposition: string, series: string): number | undefined {
  const line = exposition.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
