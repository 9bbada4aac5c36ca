import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RevokedSubjects } from './revoked-subjects.ts';

test('knows what was revoked after a mark', () => {
  const revoked = new RevokedSubjects();
  revoked.add('token 1');
  const mark = revoked.mark();
  assert.ok(!revoked.hasSince(mark, ['token 1']));
  revoked.add('token 2');
  assert.ok(revoked.hasSince(mark, ['token 0', 'token 2']));
  assert.ok(!revoked.hasSince(mark, ['token 1']));
  revoked.add('token 1');
  assert.ok(revoked.hasSince(mark, ['token 1']));
});

test('says yes where it cannot know', () => {
  const revoked = new RevokedSubjects();
  const mark = revoked.mark();
  for (let index = 0; index < 1025; index += 1) revoked.add(`token ${index}`);
  assert.ok(revoked.hasSince(mark, ['token of somebody else']));
  const later = revoked.mark();
  assert.ok(!revoked.hasSince(later, ['token 0']));
  revoked.addAll();
  assert.ok(revoked.hasSince(later, ['token 0']));
  assert.ok(!revoked.hasSince(revoked.mark(), ['token 0']));
});
