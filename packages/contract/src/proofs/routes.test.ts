import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findingsOf, only, valid } from '../testing/sample-contract.ts';

describe('routes', () => {
  test('that are templates of a service are accepted', () => {
    const api = ['/', '/*', '/invoices/:id', '/files/{name}', '/v1/models', 'unmatched'];
    assert.deepEqual(findingsOf({ ...valid, routes: { api } }), []);
  });

  const refused: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
    'an id in its place': [['/invoices/4711', 'unmatched'], /names what varies/],
    'a UUID in its place': [['/i/0198c1e2-0000-7000-8000-000000000000', 'unmatched'], /names what varies/],
    'no slash in front': [['invoices', 'unmatched'], /starts with \//],
    'a space in it': [['/in voices', 'unmatched'], /starts with \//],
    'more than 256 characters': [[`/${'x'.repeat(256)}`, 'unmatched'], /at most 256/],
    'a query': [['/invoices?page=1', 'unmatched'], /no query/],
    'the same twice': [['/a', '/a', 'unmatched'], /each route once/],
    'no unmatched': [['/a'], /have "unmatched" among them/],
  };
  for (const [title, [api, rule]] of Object.entries(refused)) {
    test(`with ${title} are refused`, () => {
      const finding = only(findingsOf({ ...valid, routes: { api } }));
      assert.equal(finding.entry, 'routes.api');
      assert.match(finding.rule, rule);
    });
  }

  test('of a service that does not exist are refused', () => {
    const finding = only(findingsOf({ ...valid, routes: { shop: ['/a', 'unmatched'] } }));
    assert.deepEqual([finding.entry, finding.value], ['routes.shop', '"shop"']);
  });
});
