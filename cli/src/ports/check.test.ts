import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { test } from 'node:test';
import { type PortName, type Ports, portNames } from '../settings/ports.ts';
import { freePorts } from '../testing/workspace.ts';
import { checkPorts } from './check.ts';

async function somePorts(): Promise<Ports> {
  const numbers = await freePorts(portNames.length);
  return Object.fromEntries(portNames.map((name, index) => [name, numbers[index] ?? 0])) as Record<
    PortName,
    number
  >;
}

async function occupy(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

test('free ports pass, and are free afterwards', async () => {
  const ports = await somePorts();
  await checkPorts(ports);
  await checkPorts(ports);
});

test('a taken port is told in one line: which, by whom, and what moves it', async () => {
  const ports = await somePorts();
  const server = await occupy(ports.authHttp);
  await assert.rejects(checkPorts(ports), (error: Error) => {
    assert.equal(error.name, 'UserError');
    assert.match(
      error.message,
      new RegExp(
        `^Port ${ports.authHttp} \\(auth, HTTP\\) is taken by node .*\\(pid ${process.pid}\\)\\. Stop that, or set IBEX_AUTH_HTTP_PORT to a free port\\.$`,
      ),
    );
    return true;
  });
  server.close();
});

test('further taken ports are named on the same line', async () => {
  const ports = await somePorts();
  const servers = [await occupy(ports.proxy), await occupy(ports.console)];
  await assert.rejects(checkPorts(ports), {
    message: new RegExp(`^Port ${ports.proxy} .* Also taken: ${ports.console} \\(IBEX_CONSOLE_PORT\\)\\.$`),
  });
  for (const server of servers) server.close();
});
