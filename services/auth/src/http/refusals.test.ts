import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type CallOptions, call, type Schemas } from '../testing/auth-client.ts';
import { Cleanup } from '../testing/cleanup.ts';
import { databaseKinds } from '../testing/databases.ts';
import { readCredentialsContent, type SeededAuth, startSeededAuth } from '../testing/seeded-auth.ts';
import { createTokenText } from '../tokens/token-text.ts';

const tokenFaults: readonly (readonly [body: unknown, field: string, rule: RegExp, value: string])[] = [
  [{}, 'name', /^a text of 1 to 200/, 'missing'],
  [{ name: '' }, 'name', /^a text/, '""'],
  [{ name: '   ' }, 'name', /^a text/, '"   "'],
  [{ name: 7 }, 'name', /^a text/, '7'],
  [{ name: ['x'] }, 'name', /^a text/, '["x"]'],
  [{ name: 'x'.repeat(201) }, 'name', /^a text/, `"${'x'.repeat(99)}…`],
  [{ name: 'a\0b' }, 'name', /^a text/, '"a\\u0000b"'],
  [{ name: 'a\ud800b' }, 'name', /^a text/, '"a\\ud800b"'],
  [{ name: 'x', role: 'root' }, 'role', /^one of admin, ops, member$/, '"root"'],
  [{ name: 'x', expiresInSeconds: 0 }, 'expiresInSeconds', /^a whole number between 1 and/, '0'],
  [{ name: 'x', expiresInSeconds: 1.5 }, 'expiresInSeconds', /^a whole number/, '1.5'],
  [{ name: 'x', expiresInSeconds: '60' }, 'expiresInSeconds', /^a whole number/, '"60"'],
  [{ name: 'x', userId: "' or 1=1 --" }, 'userId', /^the id of a user/, `"' or 1=1 --"`],
  [{ name: 'x', userId: 'user_aaaaaaaaaaaaaaaa' }, 'userId', /^the id of a user/, '"user_aaaaaaaaaaaaaaaa"'],
  [{ name: 'x', orgId: 'org_1' }, 'orgId', /^left out/, '"org_1"'],
  [{ name: 'x', audit: 'because' }, 'audit', /^an object/, '"because"'],
  [
    { name: 'x', audit: { because: 'x' } },
    'audit.because',
    /^one of the keys reason, policy_key/,
    '"because"',
  ],
  [{ name: 'x', audit: { reason: { deep: 1 } } }, 'audit.reason', /^a text of at most 1000/, '{"deep":1}'],
  [
    { name: 'x', audit: { reason: 'x'.repeat(1001) } },
    'audit.reason',
    /^a text of at most/,
    `"${'x'.repeat(99)}…`,
  ],
  [{ name: 'x', audit: { reason: 'a\0b' } }, 'audit.reason', /without NUL$/, '"a\\u0000b"'],
  [{ name: 'x', audit: { reason: '\udfff' } }, 'audit.reason', /without NUL$/, '"\\udfff"'],
  [[], 'body', /^a JSON object$/, '[]'],
  ['text', 'body', /^a JSON object$/, '"text"'],
  [null, 'body', /^a JSON object$/, 'null'],
];

const queryFaults: readonly (readonly [query: string, field: string])[] = [
  ['limit=0', 'limit'],
  ['limit=1001', 'limit'],
  ['limit=ten', 'limit'],
  ['limit=5&limit=6', 'limit'],
  ['cursor=x', 'cursor'],
  ["cursor=1'%20or%201=1", 'cursor'],
  ['cursor=99999999999999999999', 'cursor'],
  ['orgId=org_1', 'orgId'],
];

for (const kind of databaseKinds) {
  describe(`HTTP refusals: ${kind.name}`, { skip: kind.skip }, () => {
    const cleanup = new Cleanup();
    let seeded: SeededAuth;

    const url = (path: string) => `${seeded.auth.httpUrl}${path}`;
    const post = (options: CallOptions) =>
      call(`POST ${url('/v1/tokens')}`, { token: seeded.acme.adminToken, ...options });
    /** What the organisation has and what was done to it. */
    const everything = async () => {
      const lists = ['/v1/tokens', '/v1/agents', '/v1/audit'];
      const pages = await Promise.all(
        lists.map((path) => call(`GET ${url(path)}`, { token: seeded.acme.adminToken })),
      );
      return pages.map(({ body }) => body);
    };

    before(async () => {
      seeded = await startSeededAuth(kind, cleanup);
    });

    it('answers 401 to who shows no valid token', async () => {
      const { acme } = seeded;
      const forged = acme.adminToken.slice(0, -43) + createTokenText().text.slice(-43);
      const cases: readonly (readonly [Record<string, string>, string])[] = [
        [{}, 'missing_token'],
        [{ authorization: 'Bearer' }, 'missing_token'],
        [{ authorization: `Basic ${acme.adminToken}` }, 'missing_token'],
        [{ authorization: `Bearer ${acme.adminToken} x` }, 'missing_token'],
        [{ authorization: `Bearer ${forged}` }, 'unknown_token'],
        [{ authorization: `Bearer ${'x'.repeat(10_000)}` }, 'unknown_token'],
        [{ authorization: "Bearer ibex_'or'1'='1" }, 'unknown_token'],
        [{ authorization: `Bearer ${acme.expiredToken}` }, 'expired_token'],
      ];
      for (const [headers, code] of cases) {
        for (const path of ['/v1/tokens', '/v1/agents', '/v1/audit', '/v1/nowhere']) {
          const answer = await call(`GET ${url(path)}`, { headers });
          assert.deepEqual([answer.status, answer.body.error.code], [401, code]);
          assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
          assert.doesNotMatch(answer.body.error.message, /REDACTED/);
          assert.equal(answer.body.error.requestId, answer.headers.get('x-request-id'));
        }
      }
    });

    it('answers 403 to members and ops, whatever they ask', async () => {
      const member = readCredentialsContent(seeded.credentialsFile).api_key;
      const body = { name: 'ops', role: 'ops' };
      const ops = await call<Schemas['IssuedToken']>(`POST ${url('/v1/tokens')}`, {
        token: seeded.acme.adminToken,
        body,
      });
      for (const token of [member, ops.body.token]) {
        const answers = await Promise.all([
          call(`POST ${url('/v1/tokens')}`, { token, body: { name: 'x', role: 'admin' } }),
          call(`DELETE ${url(`/v1/tokens/${ops.body.id}`)}`, { token }),
          call(`GET ${url('/v1/audit')}`, { token }),
        ]);
        for (const { status, body: answer } of answers) {
          assert.deepEqual([status, answer.error.code], [403, 'admin_required']);
        }
      }
    });

    it('names field, rule and value of what it refuses, and changes nothing', async () => {
      const before = await everything();
      for (const [body, field, rule, value] of tokenFaults) {
        const { status, body: answer } = await post({ body });
        assert.equal(status, 400, JSON.stringify(body));
        const { error } = answer;
        assert.deepEqual([error.code, error.field, error.value], ['invalid_request', field, value]);
        assert.match(error.rule ?? '', rule);
        assert.ok(error.message.includes(field.replace('audit.', '')));
      }
      const both = await post({ body: { name: 'x', role: 'admin', userId: seeded.acme.userId } });
      assert.deepEqual([both.status, both.body.error.field], [400, 'role']);
      const foreign = await post({ body: { name: 'x', userId: seeded.rival.userId } });
      assert.deepEqual([foreign.status, foreign.body.error.field], [400, 'userId']);
      const deletion = { token: seeded.acme.adminToken, body: { audit: { why: 'x' } } };
      const deleted = await call(`DELETE ${url(`/v1/agents/${seeded.acme.agentId}`)}`, deletion);
      assert.deepEqual([deleted.status, deleted.body.error.field], [400, 'audit.why']);
      assert.deepEqual(await everything(), before);
    });

    it('holds queries against their rules', async () => {
      for (const [query, field] of queryFaults) {
        const answer = await call(`GET ${url(`/v1/agents?${query}`)}`, { token: seeded.acme.adminToken });
        assert.deepEqual([answer.status, answer.body.error.field], [400, field], query);
      }
    });

    it('reads JSON only, and not much of it', async () => {
      const cases: readonly (readonly [CallOptions, number, string])[] = [
        [{ raw: '{"name": ' }, 400, 'malformed_json'],
        [{ raw: '' }, 400, 'malformed_json'],
        [{ raw: '{"__proto__": {"name": "x"}}' }, 400, 'malformed_json'],
        [
          { raw: 'name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
          415,
          'unsupported_media_type',
        ],
        [{ raw: '{"name":"x"}', headers: { 'content-type': 'text/plain' } }, 415, 'unsupported_media_type'],
        [{ raw: JSON.stringify({ name: 'x'.repeat(64 * 1024) }) }, 413, 'body_too_large'],
        [{ raw: JSON.stringify({ name: 'x'.repeat(20 * 1024 * 1024) }) }, 413, 'body_too_large'],
      ];
      for (const [options, status, code] of cases) {
        const answer = await post(options);
        assert.deepEqual([answer.status, answer.body.error.code], [status, code]);
        assert.equal(answer.body.error.requestId, answer.headers.get('x-request-id'));
      }
    });

    it('does not find what is not there', async () => {
      const paths = [
        'GET /v1/nowhere',
        'DELETE /v1/tokens/aaaaaaaaaaaaaaaa',
        "DELETE /v1/tokens/'%20or%201=1%20--",
        'DELETE /v1/tokens/%00',
        `DELETE /v1/agents/${'x'.repeat(400)}`,
        'DELETE /v1/agents/agent_aaaaaaaaaaaaaaaa',
      ];
      for (const path of paths) {
        const [method, rest = ''] = path.split(' ') as ['GET' | 'DELETE', string];
        const answer = await call(`${method} ${url(rest)}`, { token: seeded.acme.adminToken });
        assert.deepEqual([answer.status, answer.body.error.code], [404, 'not_found'], path);
      }
    });
  });
}
