import { isObject } from '../../json.ts';
import type { Observer } from '../observer.ts';
import { tokenCount } from '../token-count.ts';

/** Reads embeddings. */
export const embeddingsObserver: Observer = {
  endMarker: undefined,
  answer(body, { answer }) {
    answer.name(undefined, body.model);
    const inputTokens = isObject(body.usage) ? tokenCount(body.usage.prompt_tokens) : undefined;
    answer.countTokens(inputTokens === undefined ? undefined : { inputTokens, outputTokens: 0 }, 'provider');
  },
  event: () => 'lifecycle',
};
