import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A piece of wire that can be slow or cut, between a service and what it depends on. */
export interface Link {
  /** `host:port` to connect to instead. */
  readonly address: string;
  /** How long each piece is held back, both ways; Infinity holds it for ever. */
  delayMs: number;
  /** Cuts what is connected and refuses what comes, until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Puts a link before a server at `host:port`. */
export async function startLink(target: string): Promise<Link> {
  const [host = '', port = ''] = target.split(':');
  const sockets = new Set<Socket>();
  let isCut = false;
  const link = { delayMs: 0 };

  /** Each piece waits by itself, and keeps its place. */
  function pass(from: Socket, to: Socket): void {
    let turn = Promise.resolve();
    const forward = (send: () => void) => {
      const { delayMs } = link;
      if (delayMs === Number.POSITIVE_INFINITY) return;
      const due = delayMs > 0 ? delay(delayMs) : Promise.resolve();
      turn = turn.then(() => due).then(send);
    };
    from.on('data', (piece) => forward(() => void (to.destroyed || to.write(piece))));
    from.on('end', () => forward(() => to.end()));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      forward(() => to.destroy());
    });
    sockets.add(from);
  }

  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), host);
    pass(near, far);
    pass(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(link, {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.resetAndDestroy();
    },
    mend() {
      isCut = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
