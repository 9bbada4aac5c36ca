import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Limits, TokenVerdict } from '@ibex/api/auth';
import { type DefaultLimits, LimitSubjects } from './subjects.ts';

const none: Limits = {
  requestsPerMinute: 0,
  tokensPerMinute: 0,
  concurrentRequests: 0,
  monthlyTokenBudget: 0,
  monthlyCostBudgetMicros: 0,
};
const defaults: DefaultLimits = {
  organisation: { requestsPerMinute: 600, tokensPerMinute: 0, concurrentRequests: 0 },
  agent: { requestsPerMinute: 60, tokensPerMinute: 6_000, concurrentRequests: 6 },
  token: { requestsPerMinute: 50, tokensPerMinute: 5_000, concurrentRequests: 5 },
};
const good: TokenVerdict = {
  status: 'TOKEN_STATUS_OK',
  orgId: 'org-1',
  userId: '',
  tokenId: 'token-1',
  role: 'member',
  requestsPerMinute: 0,
  cacheTtlMs: 0,
  agentId: '',
  tokenLimits: null,
  agentLimits: null,
  organisationLimits: null,
  scopes: null,
  agentScopes: null,
  expiresAtUnixMs: 0,
  watchedCacheTtlMs: 0,
  captureContent: false,
  operates: false,
};
const robot = {
  status: 'AGENT_STATUS_OK',
  name: '',
  cacheTtlMs: 0,
  watchedCacheTtlMs: 0,
  scopes: null,
} as const;

/** Kind, name, and the limits of requests, tokens and places, in this order. */
function limitsOf(subjects: LimitSubjects, ...caller: Parameters<LimitSubjects['of']>) {
  return subjects
    .of(...caller)
    .map((subject) => [
      `${subject.kind} ${subject.id}`,
      subject.requestsPerMinute,
      subject.tokensPerMinute,
      subject.concurrentRequests,
    ]);
}

test('whoever has no limits of its own has those of its kind', () => {
  const named = { id: 'robot', verdict: { ...robot, limits: null } };
  assert.deepEqual(limitsOf(new LimitSubjects(defaults), good, named), [
    ['organisation org-1', 600, 0, 0],
    ['token token-1', 50, 5_000, 5],
    ['agent robot', 60, 6_000, 6],
  ]);
  const bound = { ...good, agentId: 'android' };
  assert.deepEqual(limitsOf(new LimitSubjects(defaults), bound).at(-1), ['agent android', 60, 6_000, 6]);
});

test('a limit of its own goes before the default, each for itself', () => {
  const token = {
    ...good,
    organisationLimits: { ...none, tokensPerMinute: 1_000 },
    tokenLimits: { ...none, requestsPerMinute: 7 },
  };
  const named = { id: 'robot', verdict: { ...robot, limits: { ...none, concurrentRequests: 1 } } };
  assert.deepEqual(limitsOf(new LimitSubjects(defaults), token, named), [
    ['organisation org-1', 600, 1_000, 0],
    ['token token-1', 7, 5_000, 5],
    ['agent robot', 60, 6_000, 1],
  ]);
});

test('without defaults nobody is counted who has no limit', () => {
  const nothing = { requestsPerMinute: 0, tokensPerMinute: 0, concurrentRequests: 0 };
  const subjects = new LimitSubjects({ organisation: nothing, agent: nothing, token: nothing });
  const named = { id: 'robot', verdict: { ...robot, limits: null } };
  assert.deepEqual(limitsOf(subjects, good, named), []);
});
