import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { startTestTelemetry } from '@ibex/telemetry/testing';
import type { FastifyInstance } from 'fastify';
import { createHttpServer, type HttpServerOptions } from '../http-server.ts';

/** A listening server, closed when the test ends. */
export async function startServer(
  context: { after(run: () => Promise<void>): void },
  options: Omit<HttpServerOptions, 'telemetry'> & {
    addRoutes?: (app: FastifyInstance) => void;
    observability?: object;
  } = {},
) {
  const { addRoutes, observability, ...own } = options;
  const { telemetry, destination, exporter } = startTestTelemetry('proxy', {
    ...(observability === undefined ? {} : { observability }),
  });
  const app = createHttpServer({ telemetry, ...own });
  addRoutes?.(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  context.after(async () => {
    app.server.closeAllConnections();
    await app.close();
    await telemetry.stop();
  });
  const { port } = app.server.address() as AddressInfo;
  async function sendRaw(text: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => {});
    socket.write(text);
    await once(socket, 'close');
    return Buffer.concat(chunks).toString();
  }
  return { app, telemetry, destination, exporter, sendRaw, url: `http://127.0.0.1:${port}` };
}

/** Status, body and ids of an answer. */
export async function get(url: string, options: RequestInit = {}) {
  const response = await fetch(url, options);
  const text = await response.text();
  const requestId = response.headers.get('x-request-id');
  assert.match(requestId ?? '', /^[0-9a-f-]{36}$/);
  assert.match(response.headers.get('x-trace-id') ?? '', /^[0-9a-f]{32}$/);
  return {
    status: response.status,
    text,
    json: () => JSON.parse(text),
    requestId,
    headers: response.headers,
  };
}
