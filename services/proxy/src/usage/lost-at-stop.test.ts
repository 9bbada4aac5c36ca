import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startAuthServer } from '../testing/auth-server.ts';
import { until } from '../testing/gateway.ts';
import { addressOf, spawnService } from '../testing/process.ts';

for (const name of ['IBEX_PROXY_DRAIN_DELAY_MS', 'IBEX_PROXY_DRAIN_TIMEOUT_MS']) {
  test(`a stop says how many records it lost to an auth that hangs (${name}=1500)`, async (context) => {
    const auth = await startAuthServer();
    context.after(() => auth.stop());
    const proxy = spawnService(context, {
      service: 'proxy',
      environment: { IBEX_PROXY_PORT: '0', IBEX_AUTH_GRPC_ADDRESS: auth.address, [name]: '1500' },
    });
    const url = await addressOf(proxy, 'http');
    auth.usage.hangs = true;
    for (let count = 0; count < 3; count += 1) {
      const answer = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer good' },
        body: JSON.stringify({ model: 'echo', messages: [{ role: 'user', content: 'hello' }] }),
      });
      assert.equal(answer.status, 200);
      await answer.text();
    }
    await until(() => proxy.lines().some(({ msg }) => msg === 'started'));
    proxy.child.kill('SIGTERM');
    await proxy.exited;
    const lost = proxy.lines().find(({ msg }) => msg === 'usage records were lost');
    assert.equal(lost?.reason, 'stopping: auth did not take them in time');
    assert.equal(lost?.count, 3);
  });
}
