/**
 * Bytes that are not the OTLP message they claim to be. The message names the place, the rule and what was found;
 * it never quotes more than a few characters of the sender's data.
 */
export class MalformedOtlpError extends Error {
  override name = 'MalformedOtlpError';
  /** The field, from the outermost message inward, e.g. `resource_spans.scope_spans.spans.name`. */
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string) {
    super(path === '' ? reason : `${path}: ${reason}`);
    this.path = path;
    this.reason = reason;
  }

  /** The same error seen from the enclosing message. */
  within(field: string): MalformedOtlpError {
    return new MalformedOtlpError(this.path === '' ? field : `${field}.${this.path}`, this.reason);
  }
}
