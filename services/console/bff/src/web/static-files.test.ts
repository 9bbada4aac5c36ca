import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ErrorBody, startConsole, type TestConsole } from '../testing/test-console.ts';

const page = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('the web app', () => {
  let shared: TestConsole;
  before(async () => {
    shared = await startConsole();
  });
  after(() => shared[Symbol.asyncDispose]());

  for (const path of [
    '/',
    '/login',
    '/login?reason=link_used',
    '/admin/ops',
    '/traces',
    '/traces/0af7651916cd43dd8448eb211c80319c',
    '/logs?text=x',
    '/explore/metrics',
  ]) {
    it(`is served at ${path}, asked for anew each time`, async () => {
      const answer = await shared.send(path, { headers: page });
      assert.equal(answer.status, 200);
      assert.match(answer.text, /<title>Ibex<\/title>/);
      assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8');
      assert.equal(answer.headers['cache-control'], 'no-cache');
    });
  }

  it('keeps hashed assets for ever, and other files until they change', async () => {
    const asset = await shared.send('/assets/index-abc123.js');
    assert.equal(asset.status, 200);
    assert.equal(asset.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.match(asset.headers['content-type'] ?? '', /javascript/);
    const icon = await shared.send('/favicon.svg');
    assert.equal(icon.headers['cache-control'], 'no-cache');
    assert.equal(icon.headers['content-type'], 'image/svg+xml');
    const etag = icon.headers.etag ?? '';
    assert.equal((await shared.send('/favicon.svg', { headers: { 'if-none-match': etag } })).status, 304);
  });

  it('shows its own page for what does not exist, with status 404', async () => {
    const answer = await shared.send('/nowhere', { headers: page });
    assert.equal(answer.status, 404);
    assert.match(answer.text, /<title>Ibex<\/title>/);
  });

  for (const path of [
    '/api',
    '/api/',
    '/api/nothing',
    '/api/telemetry/secrets',
    '/admin/ops/nothing',
    '/admin/users',
    '/nowhere.js',
    '/assets/missing.js',
    '/assets/',
    '/nowhere',
  ]) {
    it(`answers ${path} with 404 as JSON`, async () => {
      const headers = path === '/nowhere' ? {} : page;
      const answer = await shared.send(path, { headers });
      assert.equal(answer.status, 404);
      assert.equal(answer.json<ErrorBody>().error.code, 'not_found');
      assert.equal(answer.headers['cache-control'], 'no-store');
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      assert.ok(answer.headers['x-request-id']);
    });
  }

  it('answers methods that nothing takes with 404', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      assert.equal((await shared.send('/admin/ops/overview', { method })).status, 404, method);
  });

  for (const path of [
    '/../outside.txt',
    '/assets/../../outside.txt',
    '/assets/..%2f..%2foutside.txt',
    '/assets/%2e%2e/%2e%2e/outside.txt',
    '/assets/%2e%2e%2f%2e%2e%2foutside.txt',
    '/assets/..%5c..%5coutside.txt',
    '/assets/....//....//outside.txt',
    '/%2e%2e/outside.txt',
    '/..%2foutside.txt',
    '//outside.txt',
    '/assets//../../outside.txt',
    '/assets/%00/outside.txt',
    '/assets/index-abc123.js%00.txt',
    '/assets/%252e%252e%252foutside.txt',
    '/.hidden.txt',
    '/credentials.json',
    '/..%2fcredentials.json',
    '/assets/%c0%ae%c0%ae/outside.txt',
  ]) {
    it(`gives nothing away at ${path}`, async () => {
      const answer = await shared.send(path);
      assert.ok([400, 403, 404].includes(answer.status), `status ${answer.status}`);
      assert.ok(!/not for the browser|admin-token/.test(answer.text), answer.text);
      assert.ok(answer.json<ErrorBody>().error.code);
    });
  }

  it('says how to build it while it is not built', async () => {
    await using console = await startConsole();
    await rm(join(console.directory, 'dist'), { recursive: true });
    const answer = await console.send('/admin/ops', { headers: page });
    assert.equal(answer.status, 503);
    assert.match(answer.text, /npm start/);
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal((await console.send('/assets/index-abc123.js')).status, 404);
    assert.equal((await console.send('/healthz')).status, 200);
  });
});
