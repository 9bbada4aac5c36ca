import { redactText } from '../privacy/text.ts';

const maximumShownLength = 200;

/** Stands for a value that may be secret, or that says nothing. */
export const notShown = Symbol('not shown');

/** A setting that cannot be used; the message names it as the operator wrote it, the rule, and the present value. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly field: string;

  constructor(field: string, rule: string, value: unknown) {
    super(`${field} must be ${rule}: it is ${show(value)}`);
    this.field = field;
  }
}

/** On one line, without secrets, and not longer than a line. */
function show(value: unknown): string {
  if (value === notShown) return '(not shown)';
  try {
    const text = redactText(JSON.stringify(value) ?? String(value));
    return text.length > maximumShownLength ? `${text.slice(0, maximumShownLength)}…` : text;
  } catch {
    // YAML anchors can make a table that contains itself.
    return '(a table that contains itself)';
  }
}
