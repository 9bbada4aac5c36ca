/** An audit entry that was refused or could not be written. What it was to record must not happen. */
export class AuditError extends Error {
  override name = 'AuditError';
}

/** Metadata with a key that is not allowlisted, or a value that is no scalar, too long, or holds a secret. */
export class AuditMetadataError extends AuditError {
  override name = 'AuditMetadataError';
  readonly key: string;

  constructor(key: string, message: string) {
    super(message);
    this.key = key;
  }
}
