import { redacted } from './redacted.ts';
import { suspicion } from './suspicion.ts';

type Replacement = string | ((match: string, ...groups: string[]) => string);

interface Pattern {
  /** The suspicions without which it cannot match. */
  readonly when: number;
  readonly expression: RegExp;
  readonly replacement: Replacement;
}

/** Words that follow "bearer" in plain English rather than in a header. */
const afterBearer =
  /(?:authentication|authori[sz]ation|credentials?|challenges?|requests?|required|expected|malformed)[.,:;!?)]*(?:\s|$)/
    .source;

/** Keys of signed addresses, which mean something secret only inside one. */
const signedQueryKey =
  /(?:x-amz-(?:signature|credential|security-token)|awsaccesskeyid|signature|sig|x-goog-(?:signature|credential)|key|code|state|token)/
    .source;

/** Where a word begins: after anything else, or after a line break that was escaped. */
const start = /(?:(?<![A-Za-z0-9])|(?<=\\[bfnrt]))/.source;

/** Keys that are known by how they begin. */
const beginnings = [
  /(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/,
  /(?:[rsp]k_(?:live|test)|cus|whsec)_[A-Za-z0-9]{6,}/,
  /(?:sk|pplx|xai)-[A-Za-z0-9_-]{8,}/,
  /(?:gsk|hf|npm|r8)_[A-Za-z0-9]{20,}/,
  /AIza[A-Za-z0-9_-]{30,}/,
  /GOCSPX-[A-Za-z0-9_-]{20,}/,
  /gh[oprsu]_[A-Za-z0-9]{20,}/,
  /github_pat_[A-Za-z0-9_]{20,}/,
  /glpat-[A-Za-z0-9_-]{16,}/,
  /xox[a-z]-[A-Za-z0-9-]{8,}/,
  /xapp-[A-Za-z0-9-]{8,}/,
  /SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/,
  /ibex_[a-z0-9]{16}_[A-Za-z0-9_-]{20,}/,
];

const { at, equals, escape: codes, word, prefix } = suspicion;

/**
 * Secrets as they stand in free text. A quantifier is bounded, or its run of characters can be entered at one place
 * only, so that matching takes linear time.
 */
export const patterns: readonly Pattern[] = [
  {
    when: prefix,
    expression: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,40}-----|$)/g,
    replacement: redacted,
  },
  {
    when: prefix,
    expression: new RegExp(`\\b(bearer)(?:\\s|\\+|:\\s?){1,4}(?!${afterBearer})[A-Za-z0-9._~+/=-]{8,}`, 'gi'),
    replacement: `$1 ${redacted}`,
  },
  {
    when: prefix,
    expression: /\b(basic)[\s+]{1,4}([A-Za-z0-9+/_-]{6,}={0,2})/gi,
    replacement: redactBasic,
  },
  {
    when: word,
    expression: /(?:(?:(?<![\w-])|(?<=\\[bfnrt]))eyJ[\w-]{5,}|(?<=-)eyJ[\w-]{5,256})\.[\w-]{2,}\.[\w-]*/g,
    replacement: redacted,
  },
  {
    when: prefix | word | codes,
    expression: new RegExp(`${start}(?:${beginnings.map(({ source }) => source).join('|')})`, 'g'),
    replacement: redacted,
  },
  {
    when: at,
    expression: /(:\/\/)(?:[^\s/@:?#"'<>]{0,256}:[^\s/"'<>]{0,512}|[^\s/@:?#"'<>]{1,256})@/g,
    replacement: `$1${redacted}@`,
  },
  {
    when: equals,
    expression: new RegExp(`([?&;]${signedQueryKey}=)[^&\\s"'#]+`, 'gi'),
    replacement: `$1${redacted}`,
  },
  {
    when: prefix,
    expression:
      /((?<![\w-])--[\w-]{0,40}?(?:password|passwd|secret|token|api-?key)\s{1,4})(?=[^\s-])[^\s"']+/gi,
    replacement: `$1${redacted}`,
  },
  {
    when: at,
    expression: /(?<![\w.%+-])[\w.%+-]+@(?:[A-Za-z0-9-]{1,63}\.){1,7}[A-Za-z]{2,24}(?![A-Za-z0-9-])/g,
    replacement: redacted,
  },
];

/** "Basic" is a word, too: credentials are base64, so they are padded, hold a colon, or mix cases and digits. */
function redactBasic(match: string, scheme: string, credentials: string): string {
  const decoded = Buffer.from(credentials, 'base64');
  const mixed = /\d/.test(credentials) && /[a-z]/.test(credentials) && /[A-Z]/.test(credentials);
  return credentials.endsWith('=') || decoded.includes(':') || mixed ? `${scheme} ${redacted}` : match;
}
