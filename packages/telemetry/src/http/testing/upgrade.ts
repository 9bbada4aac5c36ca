import { once } from 'node:events';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** Switches a connection to a protocol that sends everything back. */
export function answerUpgrade(socket: Duplex): void {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n');
  socket.pipe(socket);
}

/** Asks for an upgrade, says hello when it is granted, and gives back everything that came until the end. */
export async function upgradeAndEcho(
  port: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  let text = '';
  socket.on('data', (chunk) => {
    if (text === '' && String(chunk).startsWith('HTTP/1.1 101')) socket.write('hello');
    text += chunk;
    if (text.endsWith('hello')) socket.end();
  });
  const own = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(
    `GET /ws/4711?token=abc HTTP/1.1\r\nHost: x\r\nUpgrade: echo\r\nConnection: Upgrade\r\n${own.join('')}\r\n`,
  );
  await once(socket, 'close');
  return text;
}
