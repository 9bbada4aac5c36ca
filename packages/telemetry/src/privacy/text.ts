/** What a secret becomes: replaced, never omitted, so that structure stays for debugging. */
export const redacted = '[REDACTED]';

const maximumTextLength = 16_384;
const truncationMark = '…[truncated]';

/** A cheap test that holds whenever one of the patterns below could match. */
const suspicious =
  /bearer|basic|eyJ|-----BEGIN|A[KS]IA|sk[-_]|cus_|ibex_|:\/\/[^/\s@]{0,256}@|[?&;][\w-]{1,40}=/i;

/** Secrets as they stand in free text. Every quantifier is bounded, so matching takes linear time. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer)\s{1,4}[A-Za-z0-9._~+/=-]{8,4096}/gi, `$1 ${redacted}`],
  [/\b(basic)\s{1,4}[A-Za-z0-9+/]{12,4096}={0,2}/gi, `$1 ${redacted}`],
  [/\beyJ[A-Za-z0-9_-]{5,4096}\.[A-Za-z0-9_-]{2,4096}\.[A-Za-z0-9_-]{0,4096}/g, redacted],
  [
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,8192}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
    redacted,
  ],
  [/\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g, redacted],
  [/\bsk_(?:live|test)_[A-Za-z0-9]{6,256}/g, redacted],
  [/\bcus_[A-Za-z0-9]{6,256}/g, redacted],
  [/\bsk-[A-Za-z0-9_-]{8,512}/g, redacted],
  [/\bibex_[a-z0-9]{16}_[A-Za-z0-9_-]{20,64}/g, redacted],
  [/(:\/\/)[^/\s@:]{1,256}(?::[^/\s@]{0,256})?@/g, `$1${redacted}@`],
  [
    /([?&;](?:x-amz-(?:signature|credential|security-token)|awsaccesskeyid|signature|sig|x-goog-signature|key|token|api_?key|access_token|password|secret|client_secret)=)[^&\s"'#]{1,2048}/gi,
    `$1${redacted}`,
  ],
];

/** The text without what looks like a secret, at most 16,384 characters of it. Never throws. */
export function redactText(text: string): string {
  const bounded = text.length > maximumTextLength ? text.slice(0, maximumTextLength) + truncationMark : text;
  if (!suspicious.test(bounded)) return bounded;
  return patterns.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), bounded);
}
