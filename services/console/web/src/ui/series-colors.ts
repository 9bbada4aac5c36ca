export const seriesColorCount = 10;

// The services every installation has keep colours that are easy to tell apart.
const taken = new Map([
  ['proxy', 1],
  ['auth', 0],
  ['collector', 2],
  ['console', 3],
]);
const rememberedLimit = 500;

/**
 * The colour of a service, the same on every page: chosen by its name, moved on when another name of this visit has it.
 * Returns a CSS value.
 */
export function serviceColor(name: string): string {
  return `var(--series-${serviceColorIndex(name)})`;
}

/** The number of a service's colour, 0 to 9. */
function serviceColorIndex(serviceName: string): number {
  const name = serviceName.replace(/^ibex-/, '');
  const present = taken.get(name);
  if (present !== undefined) return present;
  let index = hashOf(name) % seriesColorCount;
  const used = new Set(taken.values());
  for (let step = 0; step < seriesColorCount && used.has(index); step++)
    index = (index + 1) % seriesColorCount;
  if (taken.size < rememberedLimit) taken.set(name, index);
  return index;
}

/** The value a CSS custom property has now; canvases need it spelled out. */
export function cssColor(variable: string): string {
  const name = /^var\((--[\w-]+)\)$/.exec(variable)?.[1];
  if (name === undefined) return variable;
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || '#888888';
}

function hashOf(name: string): number {
  let hash = 2_166_136_261;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return hash >>> 0;
}
