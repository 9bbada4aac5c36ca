import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ibexContract } from '@ibex/contract';
import { createMatcher } from './match-definition.ts';

const match = createMatcher(ibexContract);

const cases: readonly (readonly [string, string, string | undefined])[] = [
  ['GET /v1/models/:model', 'server', 'http_server'],
  ['GET unmatched', 'server', 'http_server'],
  ['POST', 'client', 'http_client'],
  ['ibex.auth.v1.AuthService/ValidateToken', 'client', 'grpc_client'],
  ['ibex.auth.v1.AuthService/ValidateToken', 'server', 'grpc_server'],
  ['db.token_find', 'client', 'db_query'],
  ['provider.generate', 'client', 'provider_generate'],
  ['provider.generate_stream', 'client', 'provider_generate_stream'],
  ['cache.lookup', 'client', undefined],
  ['provider.generate', 'internal', undefined],
  ['GET', 'server', undefined],
];
for (const [name, kind, expected] of cases) {
  test(`${name} of kind ${kind} is ${expected ?? 'not declared'}`, () => {
    assert.equal(match({ name, kind })?.key, expected);
  });
}
