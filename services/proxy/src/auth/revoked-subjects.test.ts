import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RevokedSubjects } from './revoked-subjects.ts';

test('knows what was revoked after a mark', () => {
  const revoked = new RevokedSubjects();
  revoked.add('token 1');
  const mark = revoked.mark();
  assert.equal(revoked.since(mark, ['token 1']), undefined);
  revoked.add('token 2');
  assert.equal(revoked.since(mark, ['token 0', 'token 2']), 'revoked');
  assert.equal(revoked.since(mark, ['token 1']), undefined);
  revoked.add('token 1');
  assert.equal(revoked.since(mark, ['token 1']), 'revoked');
});

test('says where it cannot know', () => {
  const revoked = new RevokedSubjects();
  const mark = revoked.mark();
  for (let index = 0; index < 1025; index += 1) revoked.add(`token ${index}`);
  assert.equal(revoked.since(mark, ['token of somebody else']), 'unknown');
  const later = revoked.mark();
  assert.equal(revoked.since(later, ['token 0']), undefined);
  revoked.addAll();
  assert.equal(revoked.since(later, ['token 0']), 'unknown');
  assert.equal(revoked.since(revoked.mark(), ['token 0']), undefined);
});
