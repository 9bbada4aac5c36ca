import type { Telemetry } from '@ibex/telemetry';
import { ApiError } from '../api-error.ts';
import type { LimitSubjects } from '../limits/subjects.ts';
import { whenKnown } from '../now-or-later.ts';
import { type Budgets, monthOf, type SpentBudget } from '../usage/budgets.ts';
import { callerOf } from './authenticate.ts';
import type { Admission } from './serve.ts';

export interface CheckBudgetsParts {
  readonly budgets: Budgets;
  readonly limitSubjects: LimitSubjects;
  readonly telemetry: Telemetry;
}

const owners = { organisation: 'Your organisation', agent: 'The agent', token: 'Your token' } as const;

function usd(micros: number): string {
  return `$${(micros / 1_000_000).toFixed(2)}`;
}

function quotaError({ subject, what, spent, budget }: SpentBudget): ApiError {
  const owner = `${owners[subject.kind]} ${subject.id}`;
  const amount = what === 'cost' ? usd(budget) : `${budget} tokens`;
  const used = what === 'cost' ? usd(spent) : `${spent} tokens`;
  const message = `${owner} has spent its budget of ${amount} for ${monthOf(Date.now())} (UTC): ${used} are used. Ask an admin for a higher budget, or wait for the next month.`;
  return new ApiError(429, {
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    message,
    headers: { 'x-should-retry': 'false' },
  });
}

/** Refuses a request for a model when a monthly budget of its organisation, agent or token is spent. */
export function checkBudgets({ budgets, limitSubjects, telemetry }: CheckBudgetsParts): Admission {
  const refusals = telemetry.metrics.counter('ibex_proxy_limit_refusals_total');
  return (_modelRequest, { request }) => {
    const subjects = limitSubjects.of(callerOf(request).verdict, request.namedAgent);
    return whenKnown(budgets.findSpent(subjects), (spent) => {
      if (spent === undefined) return undefined;
      const limit = spent.what === 'cost' ? 'cost_budget' : 'token_budget';
      refusals.increment({ scope: spent.subject.kind, limit });
      throw quotaError(spent);
    });
  };
}
