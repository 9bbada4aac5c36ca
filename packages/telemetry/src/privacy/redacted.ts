/** What a secret becomes: replaced, never omitted, so that structure stays for debugging. */
export const redacted = '[REDACTED]';
