import type { Dialect } from '../dialects/dialect.ts';
import type { Provider } from '../providers/provider.ts';
import { TranslatedProvider } from './translated-provider.ts';
import type { Translation } from './translation.ts';
import { findTranslations, translations } from './translations.ts';

/**
 * The provider for clients of this dialect: itself where it speaks it, else behind the shortest translation. Undefined when
 * there is none.
 */
export function speaking(
  provider: Provider,
  dialect: Dialect,
  known: readonly Translation[] = translations,
): Provider | undefined {
  let shortest: readonly Translation[] | undefined;
  for (const spoken of provider.dialects) {
    const found = findTranslations(dialect, spoken, known);
    if (found !== undefined && found.length < (shortest?.length ?? Number.POSITIVE_INFINITY))
      shortest = found;
  }
  // The translation next to the provider is the innermost.
  return shortest?.reduceRight<Provider>(
    (translated, translation) => new TranslatedProvider(translated, translation),
    provider,
  );
}
