import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ErrorBody, startConsole } from '../testing/test-console.ts';

const guarded = [
  '/admin/ops',
  '/admin/ops/overview',
  '/api/telemetry/services',
  `/api/telemetry/traces/${'a'.repeat(32)}`,
  '/api/telemetry/spans',
  '/api/telemetry/logs',
  '/api/telemetry/logs/volume',
  '/api/telemetry/metrics',
  '/api/telemetry/metrics/http_requests_total/range',
];

describe('telemetry and operations', () => {
  it('are closed to everybody without a session, before anything of the request is looked at', async () => {
    await using console = await startConsole();
    for (const path of guarded.flatMap((path) => [path, `${path}?limit=hostile`])) {
      const answer = await console.send(path);
      assert.equal(answer.status, 401, path);
      const { error } = answer.json<ErrorBody>();
      assert.equal(error.code, 'not_logged_in');
      assert.equal(error.requestId, answer.headers['x-request-id']);
    }
    assert.deepEqual(console.collector.requests, []);
  });

  for (const role of ['member', 'ops']) {
    it(`are closed to the role ${role}`, async () => {
      await using console = await startConsole();
      console.auth.allow('token-of-another-role', { role });
      const headers = await console.login('token-of-another-role');
      for (const path of guarded) {
        const answer = await console.send(path, { headers });
        assert.equal(answer.status, 403, path);
        assert.equal(answer.json<ErrorBody>().error.code, 'forbidden');
        assert.match(answer.json<ErrorBody>().error.message, new RegExp(`role ${role}`));
      }
      assert.deepEqual(console.collector.requests, []);
      assert.equal((await console.send('/api/session', { headers })).status, 200);
    });
  }

  it('show the page of /admin/ops to a browser, which then asks for a login', async () => {
    await using console = await startConsole();
    const answer = await console.send('/admin/ops', { headers: { accept: 'text/html,*/*' } });
    assert.equal(answer.status, 200);
    assert.match(answer.text, /<title>Ibex/);
    const overview = await console.send('/admin/ops/overview', { headers: { accept: 'text/html' } });
    assert.equal(overview.status, 401);
  });

  it('leave who asked in the log, once known', async () => {
    await using console = await startConsole();
    const headers = await console.login();
    const answer = await console.send('/api/telemetry/services', { headers });
    const id = answer.headers['x-request-id'];
    const line = console.destination.lines.find((found) => found.request_id === id && found.status === 200);
    assert.equal(line?.org_id, 'org-1');
    assert.equal(line?.user_id, 'user-1');
  });
});
