import { defaultNames, type SourceNames } from '../source/rule.ts';

const fields = Object.keys(defaultNames) as readonly (keyof SourceNames)[];

/**
 * The names a project uses instead of ours: `settings: { ibex: { starters: […], wrappers: […] } }` of its configuration.
 * @throws {TypeError} naming the field as written.
 */
export function readNames(settings: unknown): SourceNames {
  const given = (settings as { ibex?: unknown } | undefined)?.ibex;
  if (given === undefined) return defaultNames;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError(`settings.ibex must be an object with ${fields.join(' and ')}.`);
  }
  for (const [field, value] of Object.entries(given)) {
    if (!fields.some((known) => known === field)) {
      throw new TypeError(`settings.ibex has the fields ${fields.join(', ')}: "${field}" is none.`);
    }
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) continue;
    throw new TypeError(`settings.ibex.${field} must be a list of texts.`);
  }
  return { ...defaultNames, ...(given as Partial<SourceNames>) };
}
