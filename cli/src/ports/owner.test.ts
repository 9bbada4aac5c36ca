import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePorts } from '../testing/workspace.ts';
import { describeOwner, findPortOwner, shortCommand } from './owner.ts';
import { parseSocketTable } from './owner-linux.ts';

test('the process that listens on a port is found', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address !== 'string');
  const owner = findPortOwner(address.port);
  server.close();
  assert.equal(owner?.pid, process.pid);
  assert.match(owner?.command ?? '', /^node /);
});

test('nobody is found on a free port', async () => {
  const [port = 0] = await freePorts(1);
  assert.equal(findPortOwner(port), undefined);
});

test('listeners are read from the table of the kernel; connections to the same port are not listeners', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12345 1',
    '   1: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1000        0 54321 1',
    '   2: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 99999 1',
  ].join('\n');
  assert.deepEqual(parseSocketTable(table, 8080), [{ inode: '12345', userId: 1000 }]);
});

test('a command is its program and first argument; options may hold secrets', () => {
  assert.equal(shortCommand(['/usr/bin/node', '--inspect', 'server.js', 'more']), 'node server.js');
  assert.equal(shortCommand(['nginx:\u001b[31m master']), 'nginx: [31m master');
  assert.equal(shortCommand(['redis', '--requirepass=x']), 'redis');
  assert.equal(shortCommand([]), undefined);
});

test('an owner is told as far as it is known', () => {
  assert.equal(describeOwner({ pid: 7, command: 'node a.js', userId: 0 }), ' by node a.js (pid 7)');
  assert.equal(describeOwner({ pid: 7 }), ' by process 7');
  assert.equal(describeOwner({ userId: 0 }), ' by a process of the user with id 0');
  assert.equal(describeOwner(undefined), '');
});
