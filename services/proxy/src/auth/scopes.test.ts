import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../api-error.ts';
import { checkScopes } from './scopes.ts';

const everything = { models: [], endpoints: [] };

test('empty scopes allow everything', () => {
  checkScopes([], { endpoint: 'responses', model: 'any' });
  checkScopes([everything, everything], { endpoint: 'models' });
});

test('a model must be named, or begin as a pattern does', () => {
  const scopes = [{ models: ['gpt-4o-mini', 'claude-*'], endpoints: [] }];
  for (const model of ['gpt-4o-mini', 'claude-', 'claude-opus']) {
    checkScopes(scopes, { endpoint: 'chat.completions', model });
  }
  for (const model of ['gpt-4o', 'gpt-4o-mini-2', 'xclaude-opus', '']) {
    assert.throws(
      () => checkScopes(scopes, { endpoint: 'chat.completions', model }),
      (error) => error instanceof ApiError && error.statusCode === 403 && error.code === 'model_not_allowed',
    );
  }
});

test('every one of the scopes must allow it', () => {
  const token = { models: ['*'], endpoints: ['embeddings', 'models'] };
  const agent = { models: ['echo'], endpoints: ['embeddings'] };
  checkScopes([token, agent], { endpoint: 'embeddings', model: 'echo' });
  assert.throws(() => checkScopes([token, agent], { endpoint: 'models' }), /may not call models/);
  assert.throws(() => checkScopes([token, agent], { endpoint: 'embeddings', model: 'gpt' }), /model "gpt"/);
});
