/** A setting that cannot be used; the message names it as the operator wrote it, the rule, and the present value. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly field: string;

  constructor(field: string, rule: string, value: unknown) {
    super(`${field} must be ${rule}: it is ${JSON.stringify(value)}`);
    this.field = field;
  }
}
