// Original file: proto/ibex/auth/v1/auth.proto


/**
 * What may be asked for. An empty list allows everything. Where a token and an agent both have scopes, both must allow it.
 */
export interface Scopes {
  /**
   * Names of models as callers write them; a `*` at the end stands for any rest.
   */
  'models'?: (string)[];
  /**
   * Of "chat.completions", "responses", "embeddings", "models", "messages", "messages.count_tokens".
   */
  'endpoints'?: (string)[];
}

/**
 * What may be asked for. An empty list allows everything. Where a token and an agent both have scopes, both must allow it.
 */
export interface Scopes__Output {
  /**
   * Names of models as callers write them; a `*` at the end stands for any rest.
   */
  'models': (string)[];
  /**
   * Of "chat.completions", "responses", "embeddings", "models", "messages", "messages.count_tokens".
   */
  'endpoints': (string)[];
}
