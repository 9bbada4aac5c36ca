export { createSanitiser, type KeyVerdict, type Sanitiser } from './sanitiser.ts';
export { excerpt, redacted, redactText } from './text.ts';
