import { connect, type Socket } from 'node:net';
import { eventually } from '../../support/eventually.ts';
import { doneEvent } from './upstream.ts';

const perBatch = 100;
const endTimeoutMs = 60_000;
/** Enough to find an event in. */
const keptTail = 500;

/** Clients that have begun a stream and wait for its end. */
export class IdleClients {
  readonly #port: number;
  readonly #apiKey: string;
  readonly #sockets = new Set<Socket>();
  /** Streams that came to their end, with the event that says so. */
  ended = 0;

  constructor({ url, apiKey }: { url: string; apiKey: string }) {
    this.#port = Number(new URL(url).port);
    this.#apiKey = apiKey;
  }

  /** Begins so many streams; resolves when all of them have begun. */
  async open(count: number): Promise<void> {
    for (let opened = 0; opened < count; opened += perBatch) {
      const batch = Math.min(perBatch, count - opened);
      await Promise.all(Array.from({ length: batch }, (_, index) => this.#begin(opened + index)));
    }
  }

  /** Waits until every stream has come to its end. */
  async untilEnded(): Promise<void> {
    await eventually(() => this.#sockets.size === 0 || undefined, {
      timeoutMs: endTimeoutMs,
      what: 'all streams ended',
    });
  }

  leave(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** A stream that has begun, on a connection from one of several addresses: each has ports of its own. */
  #begin(index: number): Promise<void> {
    const localAddress = `127.0.0.${2 + (index % 4)}`;
    const socket = connect({ port: this.#port, host: '127.0.0.1', localAddress });
    this.#sockets.add(socket);
    let tail = '';
    return new Promise<void>((resolve, reject) => {
      socket.on('data', (data) => {
        tail = (tail + data.toString()).slice(-keptTail);
        if (tail.includes('Hello')) resolve();
        if (!tail.includes(doneEvent)) return;
        this.ended += 1;
        socket.destroy();
      });
      socket.once('error', reject);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        reject(new Error(`stream ${index} was closed: ${tail}`));
      });
      socket.write(this.#request());
    });
  }

  #request(): string {
    const messages = [{ role: 'user', content: 'hi' }];
    const body = JSON.stringify({ model: 'acme-large', stream: true, messages });
    return (
      'POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
      `Authorization: Bearer ${this.#apiKey}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    );
  }
}
