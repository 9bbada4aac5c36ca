import type { Dialect } from '../dialects/dialect.ts';
import { chatToGenerateContent } from './chat-to-generate-content/translation.ts';
import { chatToMessages } from './chat-to-messages/translation.ts';
import { embeddingsToEmbedContent } from './embeddings-to-embed-content/translation.ts';
import { messagesToChat } from './messages-to-chat/translation.ts';
import { responsesToChat } from './responses-to-chat/translation.ts';
import type { Translation } from './translation.ts';

/** Every translation there is; which pairs can be made of two is found from it. */
export const translations: readonly Translation[] = [
  chatToMessages,
  chatToGenerateContent,
  messagesToChat,
  responsesToChat,
  embeddingsToEmbedContent,
];

/** The dialect that others are translated by way of. */
const hub: Dialect = 'chat';

/**
 * The translations that lead from one dialect to another, in order: none when they are the same; undefined when there is
 * no way.
 */
export function findTranslations(
  from: Dialect,
  to: Dialect,
  known: readonly Translation[] = translations,
): readonly Translation[] | undefined {
  if (from === to) return [];
  const between = (one: Dialect, other: Dialect) =>
    known.find((translation) => translation.from === one && translation.to === other);
  const direct = between(from, to);
  if (direct !== undefined) return [direct];
  const first = between(from, hub);
  const second = between(hub, to);
  return first === undefined || second === undefined ? undefined : [first, second];
}
