import { SettingsError } from '@ibex/service';
import type { z } from 'zod';
import { faultOf } from './config-fault.ts';

/** A fault of `config.yaml`, at the field as the operator wrote it. */
export function configError(field: string, rule: string): SettingsError {
  return new SettingsError(field, `${field} in config.yaml ${rule}`);
}

/** `routes[0].targets[1].weight` */
function fieldName(section: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, key) => (typeof key === 'number' ? `${name}[${key}]` : `${name}.${String(key)}`),
    section,
  );
}

/**
 * A section of `config.yaml`, checked.
 *
 * @throws {SettingsError} naming the field.
 */
export function readSection<Schema extends z.ZodType>(
  section: string,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value ?? undefined);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw configError(section, 'cannot be used.');
  throw configError(fieldName(section, issue.path), faultOf(issue, value));
}
