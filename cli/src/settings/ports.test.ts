import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPorts } from './ports.ts';

test('ports have their well-known numbers when nothing is set', () => {
  assert.deepEqual(readPorts({ IBEX_CONSOLE_PORT: '' }), {
    proxy: 8080,
    authHttp: 8081,
    authGrpc: 50051,
    collectorOtlpGrpc: 4317,
    collectorOtlpHttp: 4318,
    collectorQuery: 8082,
    console: 8090,
  });
});

test('a variable moves its port', () => {
  assert.equal(readPorts({ IBEX_AUTH_GRPC_PORT: ' 6000 ' }).authGrpc, 6000);
});

for (const value of ['80x', '0', '65536', '-1', '8080.5', '1e3', '0x50', '99999999']) {
  test(`a port of ${value} is refused with the variable, the rule and the value`, () => {
    assert.throws(() => readPorts({ IBEX_PROXY_PORT: value }), {
      name: 'UserError',
      message: `IBEX_PROXY_PORT must be an integer between 1 and 65535: it is "${value}". Set it or leave it out for 8080.`,
    });
  });
}

test('two variables with the same port are refused by name', () => {
  assert.throws(() => readPorts({ IBEX_PROXY_PORT: '8090' }), {
    name: 'UserError',
    message:
      'IBEX_PROXY_PORT and IBEX_CONSOLE_PORT are both 8090, but each needs a port of its own. Set one of them to a free port.',
  });
});
