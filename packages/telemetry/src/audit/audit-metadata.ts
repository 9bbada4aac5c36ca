import type { AuditMetadataOf, IbexContract } from '@ibex/contract';
import { excerpt } from '../privacy/text.ts';
import type { Telemetry } from '../telemetry.ts';
import { AuditMetadataError } from './audit-error.ts';

export type AuditMetadata = AuditMetadataOf<IbexContract>;

/** What checking an entry needs of a telemetry. */
export type AuditTelemetry = Pick<Telemetry, 'contract' | 'metrics' | 'sanitiser'>;

const maximumValueLength = 1_000;

/**
 * The metadata of an audit entry, held against the contract's allowlist. It fails closed: the entry, and with it the
 * mutation, must not happen when this throws. A secret is refused rather than redacted, since who sent it must learn
 * that it was where it does not belong; the error names the key and never the value.
 * @throws {AuditMetadataError} naming the key.
 */
export function auditMetadata(
  telemetry: AuditTelemetry,
  metadata: AuditMetadata | Record<string, unknown>,
): AuditMetadata {
  try {
    const entries = Object.entries(metadata).map(([key, value]) => [key, check(telemetry, { key, value })]);
    return Object.fromEntries(entries);
  } catch (error) {
    telemetry.metrics.reportViolation('audit_key', error instanceof AuditMetadataError ? error.key : '');
    if (error instanceof AuditMetadataError) throw error;
    throw new AuditMetadataError('', 'Audit metadata must be a plain object: what was given cannot be read.');
  }
}

type Scalar = string | number | boolean | null;

function check(telemetry: AuditTelemetry, { key, value }: { key: string; value: unknown }): Scalar {
  const allowed: readonly string[] = telemetry.contract.auditMetadataKeys;
  if (!allowed.includes(key)) {
    const shown = JSON.stringify(excerpt(key, 64));
    throw new AuditMetadataError(
      key,
      `${shown} is not an audit metadata key. Allowed are ${allowed.join(', ')}.`,
    );
  }
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value !== 'string') {
    const type = typeof value === 'number' ? value : typeof value;
    const rule = 'must be a text, finite number, boolean or null';
    throw new AuditMetadataError(key, `Audit metadata "${key}" ${rule}: it is ${type}.`);
  }
  return checkText(telemetry, { key, value });
}

function checkText({ sanitiser }: AuditTelemetry, { key, value }: { key: string; value: string }): string {
  const named = `Audit metadata "${key}" must`;
  if (value.length > maximumValueLength) {
    const message = `${named} have at most ${maximumValueLength} characters: it has ${value.length}.`;
    throw new AuditMetadataError(key, message);
  }
  if (sanitiser.redactText(value) !== value) {
    const advice = 'Name it by its id, or leave it out.';
    throw new AuditMetadataError(key, `${named} hold no secret: it holds something like one. ${advice}`);
  }
  return value;
}
