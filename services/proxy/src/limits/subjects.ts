import type { AgentVerdict, Limits, TokenVerdict } from '@ibex/api/auth';

export type SubjectKind = 'organisation' | 'agent' | 'token';

/** Somebody whose use is limited, and how far. 0 stands for no limit. */
export interface LimitSubject extends Limits {
  readonly kind: SubjectKind;
  readonly id: string;
  readonly orgId: string;
  /** Its name in the stores of counts. */
  readonly key: string;
}

/** Of those that have none of their own; 0 for none. */
export type DefaultLimits = Readonly<
  Record<SubjectKind, Pick<Limits, 'requestsPerMinute' | 'tokensPerMinute' | 'concurrentRequests'>>
>;

const noLimits: Limits = {
  requestsPerMinute: 0,
  tokensPerMinute: 0,
  concurrentRequests: 0,
  monthlyTokenBudget: 0,
  monthlyCostBudgetMicros: 0,
};

interface Identity {
  readonly kind: SubjectKind;
  readonly id: string;
  readonly orgId: string;
}

function hasLimit(subject: LimitSubject): boolean {
  return Object.keys(noLimits).some((name) => subject[name as keyof Limits] > 0);
}

/** Finds whose limits hold for a request: the organisation's, the agent's and the token's, those that have any. */
export class LimitSubjects {
  readonly #defaults: DefaultLimits;
  /** Verdicts are remembered, and so is what was made of them. */
  readonly #ofTokens = new WeakMap<TokenVerdict, readonly LimitSubject[]>();
  readonly #ofAgents = new WeakMap<AgentVerdict, LimitSubject>();

  constructor(defaults: DefaultLimits) {
    this.#defaults = defaults;
  }

  /** `named` is the agent the request names, unless its token is bound to that one. */
  of(
    token: TokenVerdict,
    named?: { readonly id: string; readonly verdict: AgentVerdict },
  ): readonly LimitSubject[] {
    const subjects = this.#ofTokens.get(token) ?? this.#ofToken(token);
    if (named === undefined) return subjects;
    const agent = this.#ofAgents.get(named.verdict) ?? this.#ofAgent(token.orgId, named);
    return hasLimit(agent) ? [...subjects, agent] : subjects;
  }

  #ofToken(token: TokenVerdict): readonly LimitSubject[] {
    const { orgId, tokenId, agentId, organisationLimits, requestsPerMinute } = token;
    // What auth says of an organisation's requests beside its limits is from before these.
    const ofOrganisation = { ...noLimits, ...organisationLimits };
    ofOrganisation.requestsPerMinute ||= requestsPerMinute;
    const all = [
      this.#subject({ kind: 'organisation', id: orgId, orgId }, ofOrganisation),
      this.#subject({ kind: 'token', id: tokenId, orgId }, token.tokenLimits),
      ...(agentId === '' ? [] : [this.#subject({ kind: 'agent', id: agentId, orgId }, token.agentLimits)]),
    ];
    const subjects = all.filter(hasLimit);
    this.#ofTokens.set(token, subjects);
    return subjects;
  }

  #ofAgent(orgId: string, { id, verdict }: { id: string; verdict: AgentVerdict }): LimitSubject {
    const subject = this.#subject({ kind: 'agent', id, orgId }, verdict.limits);
    this.#ofAgents.set(verdict, subject);
    return subject;
  }

  #subject({ kind, id, orgId }: Identity, limits: Limits | null): LimitSubject {
    const own = { ...noLimits, ...limits };
    const defaults = this.#defaults[kind];
    return {
      ...own,
      requestsPerMinute: own.requestsPerMinute || defaults.requestsPerMinute,
      tokensPerMinute: own.tokensPerMinute || defaults.tokensPerMinute,
      concurrentRequests: own.concurrentRequests || defaults.concurrentRequests,
      kind,
      id,
      orgId,
      // Braces: all keys of an organisation lie in one slot of a Redis cluster.
      key: `ibex:proxy:limit:{${orgId}}:${kind}:${id}`,
    };
  }
}
