import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { completeCredentials } from './credentials.ts';

let directory = '';
let path = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ibex-credentials-'));
  path = join(directory, 'credentials.json');
});

afterEach(() => rmSync(directory, { recursive: true }));

test('console_url is added to what auth wrote, for the owner alone', () => {
  writeFileSync(path, '{"api_key":"a","admin_token":"b"}', { mode: 0o644 });
  assert.deepEqual(completeCredentials(path, { consoleUrl: 'http://127.0.0.1:8090' }), { apiKey: 'a' });
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), {
    api_key: 'a',
    admin_token: 'b',
    console_url: 'http://127.0.0.1:8090',
  });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(directory), ['credentials.json']);
});

test('console_url follows the console to another port', () => {
  writeFileSync(path, '{"api_key":"a","admin_token":"b","console_url":"http://127.0.0.1:1"}');
  completeCredentials(path, { consoleUrl: 'http://127.0.0.1:2' });
  assert.match(readFileSync(path, 'utf8'), /"console_url": "http:\/\/127\.0\.0\.1:2"/);
});

for (const content of [undefined, '', '[', '"text"', '{"api_key":"a"}', '{"api_key":"","admin_token":"b"}']) {
  test(`credentials that read ${content} are refused with the path`, () => {
    if (content !== undefined) writeFileSync(path, content);
    assert.throws(() => completeCredentials(path, { consoleUrl: 'http://127.0.0.1:2' }), {
      name: 'UserError',
      message: new RegExp(`^${path} must be JSON with api_key and admin_token: `),
    });
  });
}
