/** How much may be used; 0 stands for no limit here. */
export interface Limits {
  readonly requestsPerMinute: number;
  /** Tokens of models, in and out together. */
  readonly tokensPerMinute: number;
  readonly concurrentRequests: number;
  /** Per calendar month (UTC), as the cost budget. */
  readonly monthlyTokenBudget: number;
  /** Millionths of the currency of the gateway's price table. */
  readonly monthlyCostBudgetMicros: number;
}

/** What may be asked for. An empty list allows everything. */
export interface Scopes {
  /** As callers write them; a `*` at the end stands for any rest. */
  readonly models: readonly string[];
  readonly endpoints: readonly Endpoint[];
}

export const endpoints = [
  'chat.completions',
  'completions',
  'responses',
  'embeddings',
  'models',
  'messages',
  'messages.count_tokens',
] as const;

/** What a caller of the gateway may call. */
export type Endpoint = (typeof endpoints)[number];

/** As they stand in the database: what was never set is absent. */
export type StoredLimits = Partial<Limits>;
export type StoredScopes = Partial<Scopes>;

export const noLimits: Limits = {
  requestsPerMinute: 0,
  tokensPerMinute: 0,
  concurrentRequests: 0,
  monthlyTokenBudget: 0,
  monthlyCostBudgetMicros: 0,
};

export function limitsOf(stored: StoredLimits | null): Limits {
  return { ...noLimits, ...stored };
}

export function scopesOf(stored: StoredScopes | null): Scopes {
  return { models: stored?.models ?? [], endpoints: stored?.endpoints ?? [] };
}
