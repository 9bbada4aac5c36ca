import type { AgentVerdict, Scopes, TokenVerdict } from '@ibex/api/auth';
import { excerpt } from '@ibex/telemetry/privacy';
import { ApiError } from '../api-error.ts';

/** What scopes call the endpoints of the gateway. */
export type Endpoint =
  | 'chat.completions'
  | 'completions'
  | 'responses'
  | 'embeddings'
  | 'models'
  | 'messages'
  | 'messages.count_tokens';

/** What a request asks for; `model` is as the caller wrote it, absent where there is none. */
export interface Wish {
  readonly endpoint: Endpoint;
  readonly model?: string | undefined;
}

function matches(pattern: string, model: string): boolean {
  return pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : pattern === model;
}

/** Whether one set of scopes allows the model. An empty list allows every one. */
export function allowsModel({ models }: Pick<Scopes, 'models'>, model: string): boolean {
  return models.length === 0 || models.some((pattern) => matches(pattern, model));
}

/** The scopes that hold for a request: the token's, those of the agent it is bound to, and those of an agent it names. */
export function scopesOf(token: TokenVerdict, agent?: AgentVerdict): readonly Scopes[] {
  return [token.scopes, token.agentScopes, agent?.scopes].filter(
    (scopes) => scopes !== null && scopes !== undefined,
  );
}

function refused(code: string, message: string): ApiError {
  return new ApiError(403, { type: 'permission_error', code, message });
}

/** @throws {ApiError} 403 when one of the scopes does not allow what the request asks for. */
export function checkScopes(scopes: readonly Scopes[], { endpoint, model }: Wish): void {
  if (scopes.some(({ endpoints }) => endpoints.length > 0 && !endpoints.includes(endpoint))) {
    const message = `Your token or agent may not call ${endpoint}. Ask an admin to add it to its scopes.`;
    throw refused('endpoint_not_allowed', message);
  }
  if (model === undefined || scopes.every((each) => allowsModel(each, model))) return;
  const shown = JSON.stringify(excerpt(model, 200));
  throw refused(
    'model_not_allowed',
    `Your token or agent may not use the model ${shown}. Ask an admin to add it to its scopes.`,
  );
}
