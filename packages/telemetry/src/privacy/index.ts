export { createSanitiser, type KeyVerdict, type Sanitiser } from './sanitiser.ts';
export { redacted, redactText } from './text.ts';
