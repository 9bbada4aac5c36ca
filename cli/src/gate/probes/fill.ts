/** Values that probes name in braces. */
export type ProbeValues = Map<string, string>;

const placeholder = /\{([a-z][a-z0-9_]*)\}/g;

/** The names in a text, or in the texts of a table or list, that have no value. */
export function missingValues(template: unknown, values: ProbeValues): string[] {
  const text = typeof template === 'string' ? template : (JSON.stringify(template) ?? '');
  const names = [...text.matchAll(placeholder)].map(([, name = '']) => name);
  return [...new Set(names)].filter((name) => !values.has(name));
}

/** The text with the values in place. */
export function fill(template: string, values: ProbeValues): string {
  return template.replaceAll(placeholder, (whole, name: string) => values.get(name) ?? whole);
}

/** The values that are secret, told by their names: they must not turn up in any telemetry. */
export function secretValues(values: ProbeValues): string[] {
  return [...values]
    .filter(([name]) => /(key|token|session|secret|password)$/.test(name))
    .map(([, value]) => value);
}
