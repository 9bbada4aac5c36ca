import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { call, type Schemas } from '../testing/auth-client.ts';
import { Cleanup } from '../testing/cleanup.ts';
import { databaseKinds } from '../testing/databases.ts';
import { readCredentialsContent, type SeededAuth, startSeededAuth } from '../testing/seeded-auth.ts';
import { type Access, accessOf, routeAccess } from './access.ts';

type Caller = 'operator' | 'admin' | 'ops' | 'member';

/** Who may come in where, said once more: the table and the code that reads it are what is tested. */
const allowed: Readonly<Record<Access, readonly Caller[]>> = {
  operator: ['operator'],
  admin: ['operator', 'admin'],
  ops: ['operator', 'admin', 'ops'],
};
const refusals: Readonly<Record<Access, string>> = {
  operator: 'operator_required',
  admin: 'admin_required',
  ops: 'ops_required',
};

describe('roles, route by route', () => {
  const cleanup = new Cleanup();
  let seeded: SeededAuth;
  let tokens: Record<Caller, string>;

  /** Where it points at does not exist, and the body is wrong: who is let in gets a 400 or 404, and nothing changes. */
  const callRoute = (route: string, headers: { token?: string }) => {
    const [method, template = ''] = route.split(' ') as ['GET' | 'POST' | 'PATCH' | 'DELETE', string];
    const path = template.replace(/:\w+/, 'not-an-id');
    const body = method === 'GET' ? {} : { body: { nonsense: true } };
    return call(`${method} ${seeded.auth.httpUrl}${path}`, { ...headers, ...body });
  };

  before(async () => {
    const [kind] = databaseKinds;
    assert.ok(kind !== undefined);
    seeded = await startSeededAuth(kind, cleanup);
    const issue = async (role: string) => {
      const issued = await call<Schemas['IssuedToken']>(`POST ${seeded.auth.httpUrl}/v1/tokens`, {
        token: seeded.acme.adminToken,
        body: { name: role, role },
      });
      return issued.body.token;
    };
    tokens = {
      operator: readCredentialsContent(seeded.credentialsFile).admin_token,
      admin: seeded.acme.adminToken,
      ops: await issue('ops'),
      member: await issue('member'),
    };
  });

  for (const [route, access] of Object.entries(routeAccess)) {
    it(`${route}: ${access}`, async () => {
      for (const caller of ['operator', 'admin', 'ops', 'member'] as const) {
        const { status, body } = await callRoute(route, { token: tokens[caller] });
        if (allowed[access].includes(caller)) {
          assert.ok([200, 400, 404].includes(status), `${caller}: ${status}`);
        } else {
          assert.deepEqual([caller, status, body.error.code], [caller, 403, refusals[access]]);
        }
      }
    });

    it(`${route}: nobody without a valid token`, async () => {
      const attempts = [
        [{}, 'missing_token'],
        [{ token: 'ibex_wrong' }, 'unknown_token'],
        [{ token: seeded.acme.expiredToken }, 'expired_token'],
      ] as const;
      for (const [headers, code] of attempts) {
        const { status, body } = await callRoute(route, headers);
        // Wrong tokens are damped after a while; either way nobody gets in.
        if (status !== 429) assert.deepEqual([status, body.error.code], [401, code]);
        else assert.equal(body.error.code, 'too_many_attempts');
      }
    });
  }

  it('has an entry for every route of the API document, and no other', async () => {
    const { readFileSync } = await import('node:fs');
    const document = readFileSync(new URL('../../../../api/openapi/auth.yaml', import.meta.url), 'utf8');
    const documented: string[] = [];
    let path = '';
    for (const line of document.split('components:')[0]?.split('\n') ?? []) {
      path = /^ {2}(\/\S+):$/.exec(line)?.[1] ?? path;
      const method = /^ {4}(get|post|patch|put|delete):$/.exec(line)?.[1];
      if (method !== undefined)
        documented.push(`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
    }
    assert.deepEqual(documented.toSorted(), Object.keys(routeAccess).toSorted());
  });

  it('does not let a route be added without saying for whom', () => {
    assert.throws(() => accessOf('POST', '/v1/secrets'), /has no entry in routeAccess/);
    assert.equal(accessOf('HEAD', '/v1/tokens'), accessOf('GET', '/v1/tokens'));
  });

  it('keeps every organisation to itself', async () => {
    const { acme, rival, auth } = seeded;
    const cases = [
      ['PATCH', `/v1/tokens/${rival.adminTokenId}`, { name: 'mine' }],
      ['POST', `/v1/tokens/${rival.adminTokenId}/rotate`, {}],
      ['DELETE', `/v1/tokens/${rival.adminTokenId}`, undefined],
      ['PATCH', `/v1/agents/${rival.agentId}`, { name: 'mine' }],
      ['DELETE', `/v1/agents/${rival.agentId}`, undefined],
      ['PATCH', `/v1/users/${rival.userId}`, { role: 'member' }],
      ['GET', `/v1/organisations/${rival.orgId}`, undefined],
      ['PATCH', `/v1/organisations/${rival.orgId}`, { captureContent: true }],
    ] as const;
    for (const [method, path, body] of cases) {
      const answer = await call(`${method} ${auth.httpUrl}${path}`, { token: acme.adminToken, body });
      assert.deepEqual([path, answer.status, answer.body.error.code], [path, 404, 'not_found']);
    }
    const own = await call(`PATCH ${auth.httpUrl}/v1/organisations/${acme.orgId}`, {
      token: acme.adminToken,
      body: { limits: { requestsPerMinute: 0 } },
    });
    assert.deepEqual([own.status, own.body.error.code], [403, 'operator_required']);
  });
});
