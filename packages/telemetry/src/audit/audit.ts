import type { AuditMetadataOf, IbexContract } from '@ibex/contract';
import type { Telemetry } from '../telemetry.ts';

/** Metadata with a key that is not allowlisted, or a value that is no scalar. Nothing may be written then. */
export class AuditMetadataError extends Error {
  override name = 'AuditMetadataError';
  readonly key: string;

  constructor(key: string, message: string) {
    super(message);
    this.key = key;
  }
}

export type AuditMetadata = AuditMetadataOf<IbexContract>;

const maximumValueLength = 1_000;

/**
 * The metadata of an audit entry, checked against the contract's allowlist and sanitised. It fails closed: the entry,
 * and with it the mutation, must not happen when this throws.
 * @throws {AuditMetadataError} naming the key.
 */
export function auditMetadata(
  telemetry: Telemetry,
  metadata: AuditMetadata | Record<string, unknown>,
): AuditMetadata {
  const allowed: readonly string[] = telemetry.contract.auditMetadataKeys;
  const entries = Object.entries(metadata).map(([key, value]) => {
    if (!allowed.includes(key)) {
      telemetry.metrics.counter('ibex_contract_violations_total').increment({ kind: 'audit_key' });
      const shown = JSON.stringify(key.slice(0, 64));
      throw new AuditMetadataError(
        key,
        `${shown} is not an audit metadata key. Allowed are ${allowed.join(', ')}.`,
      );
    }
    return [key, checkValue(telemetry, key, value)];
  });
  return Object.fromEntries(entries);
}

function checkValue(telemetry: Telemetry, key: string, value: unknown): string | number | boolean | null {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string') {
    throw new AuditMetadataError(
      key,
      `Audit metadata "${key}" must be a text, number, boolean or null: it is ${typeof value}.`,
    );
  }
  if (value.length > maximumValueLength) {
    throw new AuditMetadataError(
      key,
      `Audit metadata "${key}" must have at most ${maximumValueLength} characters: it has ${value.length}.`,
    );
  }
  return telemetry.sanitiser.redactText(value);
}
