import { createSanitiser, redacted } from '@ibex/telemetry/privacy';

/** A secret that was found: under which key, and what gave it away. The secret itself is not told. */
export interface FoundSecret {
  readonly key: string;
  readonly reason: string;
}

/** Tells where a value holds something that must not leave a process. */
export interface SecretTest {
  inText(text: string): string | undefined;
  inValue(key: string, value: unknown): FoundSecret | undefined;
}

const deepest = 10;

/**
 * Builds the test: values under the contract's sensitive keys that are not replaced, texts that look like a secret,
 * and the very credentials the gate has sent.
 */
export function createSecretTest(
  sensitiveKeys: readonly string[],
  credentials: readonly string[],
): SecretTest {
  const sanitiser = createSanitiser(sensitiveKeys);
  const known = credentials.filter((credential) => credential.length >= 8);

  function inText(text: string): string | undefined {
    if (known.some((credential) => text.includes(credential)))
      return 'it holds a credential the gate has sent';
    const bare = text.replaceAll(redacted, '');
    return sanitiser.redactText(bare) === bare ? undefined : 'it looks like a secret';
  }

  function inEntries(
    entries: readonly (readonly [string, unknown])[],
    depth: number,
  ): FoundSecret | undefined {
    for (const [key, value] of entries) {
      const found = inValueAt(key, value, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  function inValueAt(key: string, value: unknown, depth: number): FoundSecret | undefined {
    if (depth > deepest || value === null || value === undefined) return undefined;
    if (typeof value === 'string') {
      if (value === redacted || value === '') return undefined;
      const reason = sanitiser.isSensitive(key) ? 'its key is sensitive' : inText(value);
      return reason === undefined ? undefined : { key, reason };
    }
    if (typeof value === 'object') {
      const entries = Object.entries(value).map(([inner, item]) => {
        return [Array.isArray(value) ? key : `${key}.${inner}`, item] as const;
      });
      return inEntries(entries, depth);
    }
    return sanitiser.isSensitive(key) ? { key, reason: 'its key is sensitive' } : undefined;
  }

  return { inText, inValue: (key, value) => inValueAt(key, value, 0) };
}
