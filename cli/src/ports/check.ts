import { createServer, type Server } from 'node:net';
import { type PortName, type Ports, portNames, portSettings } from '../settings/ports.ts';
import { systemErrorCode, UserError } from '../user-error.ts';
import { describeOwner, findPortOwner } from './owner.ts';

interface TakenPort {
  readonly name: PortName;
  readonly code: string;
}

/**
 * Proves that every port can be listened on, by listening on all of them at once on 127.0.0.1.
 * Throws a {@link UserError} of one line when one cannot.
 */
export async function checkPorts(ports: Ports): Promise<void> {
  const taken = await findTakenPorts(ports);
  if (taken.length > 0) throw takenPortsError(taken, ports);
}

async function findTakenPorts(ports: Ports): Promise<TakenPort[]> {
  const servers: Server[] = [];
  const taken: TakenPort[] = [];
  for (const name of portNames) {
    const server = createServer();
    const code = await tryToListen(server, ports[name]);
    if (code === undefined) servers.push(server);
    else taken.push({ name, code });
  }
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return taken;
}

/** The code of the error; undefined when it worked. */
function tryToListen(server: Server, port: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = systemErrorCode(error);
      if (code === 'EADDRINUSE' || code === 'EACCES') resolve(code);
      else reject(error);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(undefined));
  });
}

function takenPortsError(taken: readonly TakenPort[], ports: Ports): UserError {
  const [first, ...others] = taken;
  if (first === undefined) throw new Error('No port is taken.');
  const { variable } = portSettings[first.name];
  const also = others.map(({ name }) => `${ports[name]} (${portSettings[name].variable})`);
  return new UserError(
    first.code === 'EACCES'
      ? `${describePort(first, ports)} cannot be listened on: permission is denied. Set ${variable} to a port above 1023.`
      : `${describePort(first, ports)} is taken${describeOwner(findPortOwner(ports[first.name]))}. ` +
          `Stop that, or set ${variable} to a free port.${also.length === 0 ? '' : ` Also taken: ${also.join(', ')}.`}`,
  );
}

function describePort(taken: TakenPort, ports: Ports): string {
  return `Port ${ports[taken.name]} (${portSettings[taken.name].listener})`;
}
