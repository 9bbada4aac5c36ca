import type { Attributes as ApiAttributes } from '@opentelemetry/api';
import type { Sanitiser } from '../privacy/sanitiser.ts';
import type { AttributeValue } from '../traces/span.ts';

const maximumItems = 100;
const maximumKeyLength = 256;
const maximumKeys = 1_000;

/**
 * What the API takes as a value (any, since 1.10) as what a span keeps: texts, numbers, truth values and lists of them.
 * Anything deeper becomes its JSON, secrets replaced; undefined, null, functions and symbols are no values.
 */
export function toAttributeValue(value: unknown, sanitiser: Sanitiser): AttributeValue | undefined {
  if (Array.isArray(value)) return value.slice(0, maximumItems).map((item) => toItem(item, sanitiser) ?? '');
  return toItem(value, sanitiser);
}

function toItem(value: unknown, sanitiser: Sanitiser): string | number | boolean | undefined {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
    case 'object':
      return value === null ? undefined : toText(value, sanitiser);
    default:
      return undefined;
  }
}

function toText(value: object, sanitiser: Sanitiser): string {
  const plain = sanitiser.sanitise(value);
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
}

/** Attributes as libraries give them, in the form a span keeps. */
export function toAttributes(
  attributes: ApiAttributes | undefined,
  sanitiser: Sanitiser,
): Record<string, AttributeValue> {
  const kept: Record<string, AttributeValue> = {};
  for (const key of Object.keys(attributes ?? {}).slice(0, maximumKeys)) {
    const value = isAttributeKey(key) ? toAttributeValue(attributes?.[key], sanitiser) : undefined;
    if (value !== undefined) kept[key] = value;
  }
  return kept;
}

/** Empty keys say nothing, and endless ones would. */
export function isAttributeKey(key: unknown): key is string {
  return typeof key === 'string' && key !== '' && key.length <= maximumKeyLength;
}
