/** What a secret becomes: replaced, never omitted, so that structure stays for debugging. */
export const redacted = '[REDACTED]';

const maximumTextLength = 16_384;
const maximumCutLength = 4_096;
const truncationMark = '…[truncated]';

/** A cheap test that holds whenever one of the patterns below could match. */
const suspicious = /[@=]|["']\s?:|bearer|basic|eyJ|-----BEGIN|A[KS]IA|[rs]k[-_]|cus_|ibex_/i;

/** Words that follow "bearer" in plain English rather than in a header. */
const afterBearer =
  /(?:authentication|authori[sz]ation|credentials?|challenges?|requests?|required|expected|malformed)[.,:;!?)]*(?:\s|$)/
    .source;
const secretWord = /(?:password|passwd|pwd|secret|token|api[_-]?key|secret[_-]?access[_-]?key)/.source;
const secretKey = new RegExp(`(?:${secretWord}|authorization|private[_-]?key|password[_-]?hash)`).source;
const signedQueryKey =
  /(?:x-amz-(?:signature|credential|security-token)|awsaccesskeyid|signature|sig|x-goog-(?:signature|credential)|key|token)/
    .source;

type Replacement = string | ((match: string, ...groups: string[]) => string);

/**
 * Secrets as they stand in free text. A quantifier is bounded, or its run of characters can be entered at one place
 * only, so that matching takes linear time.
 */
const patterns: readonly (readonly [RegExp, Replacement])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,40}-----|$)/g, redacted],
  [new RegExp(`\\b(bearer)\\s{1,4}(?!${afterBearer})[A-Za-z0-9._~+/=-]{8,}`, 'gi'), `$1 ${redacted}`],
  [/\b(basic)\s{1,4}([A-Za-z0-9+/_-]{6,}={0,2})/gi, redactBasic],
  [/(?:(?<![\w-])eyJ[\w-]{5,}|(?<=-)eyJ[\w-]{5,256})\.[\w-]{2,}\.[\w-]*/g, redacted],
  [/(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/g, redacted],
  [/(?<![A-Za-z0-9])(?:[rs]k_(?:live|test)|cus)_[A-Za-z0-9]{6,}/g, redacted],
  [/(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{8,}/g, redacted],
  [/(?<![A-Za-z0-9])ibex_[a-z0-9]{16}_[A-Za-z0-9_-]{20,}/g, redacted],
  [/(:\/\/)(?:[^\s/@:?#"'<>]{0,256}:[^\s/"'<>]{0,512}|[^\s/@:?#"'<>]{1,256})@/g, `$1${redacted}@`],
  [new RegExp(`([?&;]${signedQueryKey}=)[^&\\s"'#]+`, 'gi'), `$1${redacted}`],
  [
    new RegExp(`((?<![\\w-])[\\w-]{0,40}?${secretWord}=)(?:"[^"]*"|'[^']*'|["']?[^&\\s"'#,;]+)`, 'gi'),
    `$1${redacted}`,
  ],
  [
    new RegExp(
      `((?<![\\w-])[\\w-]{0,40}?${secretKey}\\\\{0,3}["']\\s{0,4}:\\s{0,4}\\\\{0,3}["'])[^"'\\\\]+`,
      'gi',
    ),
    `$1${redacted}`,
  ],
  [/(?<![\w.%+-])[\w.%+-]+@(?:[A-Za-z0-9-]{1,63}\.){1,7}[A-Za-z]{2,24}(?![A-Za-z0-9-])/g, redacted],
];

/** "Basic" is a word, too: credentials are base64, so they are padded, hold a colon, or mix cases and digits. */
function redactBasic(match: string, scheme: string, credentials: string): string {
  const decoded = Buffer.from(credentials, 'base64');
  const mixed = /\d/.test(credentials) && /[a-z]/.test(credentials) && /[A-Z]/.test(credentials);
  return credentials.endsWith('=') || decoded.includes(':') || mixed ? `${scheme} ${redacted}` : match;
}

/** Cut at the end of a word: a secret that is cut in two is not recognised. */
function truncate(text: string): string {
  let end = maximumTextLength;
  while (end > maximumTextLength - maximumCutLength && !/\s/.test(text.charAt(end - 1))) end--;
  return text.slice(0, end) + truncationMark;
}

/** Any value as text; what cannot be converted is said to be so. Never throws. */
export function toText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return '[unreadable]';
  }
}

/** The text without what looks like a secret, at most 16,384 characters of it. Never throws. */
export function redactText(text: string): string {
  const given = typeof text === 'string' ? text : toText(text);
  const bounded = given.length > maximumTextLength ? truncate(given) : given;
  if (!suspicious.test(bounded)) return bounded;
  return patterns.reduce(
    (result, [pattern, replacement]) => result.replace(pattern, replacement as string),
    bounded,
  );
}
