/** What clients speak to the gateway: one for each kind of endpoint. */
export type EndpointDialect =
  | 'chat'
  | 'completions'
  | 'responses'
  | 'messages'
  | 'embeddings'
  | 'count_tokens';

/** What is spoken at an endpoint or by a provider; some only providers speak. */
export type Dialect = EndpointDialect | 'generate_content' | 'embed_content';
