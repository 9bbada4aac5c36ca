const compactCharacters = 60;
/** Binary fractions end in noise after these. */
const significantDigits = 11;

/** An attribute's value as text: strings as they are, everything else as JSON, on one line while it is short. */
export function attributeText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && !Number.isInteger(value))
    return String(Number(value.toPrecision(significantDigits)));
  const compact = JSON.stringify(value) ?? String(value);
  return compact.length <= compactCharacters ? compact : JSON.stringify(value, null, 2);
}

/** How a value is coloured, so that `"1"` and `1` can be told apart. */
export function attributeKind(value: unknown): 'text' | 'number' | 'boolean' | 'structure' {
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'object' && value !== null ? 'structure' : 'text';
}

/** Attributes by key, in the order people read them. */
export function sortedAttributes(attributes: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
