/** Metric and label names as Prometheus writes them (its OTLP translation "UnderscoreEscapingWithSuffixes"). */

/** UCUM units, as far as they occur in telemetry, in the plural Prometheus uses as a suffix. */
const UNITS: ReadonlyMap<string, string> = new Map([
  ['d', 'days'],
  ['h', 'hours'],
  ['min', 'minutes'],
  ['s', 'seconds'],
  ['ms', 'milliseconds'],
  ['us', 'microseconds'],
  ['ns', 'nanoseconds'],
  ['By', 'bytes'],
  ['KiBy', 'kibibytes'],
  ['MiBy', 'mebibytes'],
  ['GiBy', 'gibibytes'],
  ['TiBy', 'tibibytes'],
  ['KBy', 'kilobytes'],
  ['MBy', 'megabytes'],
  ['GBy', 'gigabytes'],
  ['TBy', 'terabytes'],
  ['m', 'meters'],
  ['V', 'volts'],
  ['A', 'amperes'],
  ['J', 'joules'],
  ['W', 'watts'],
  ['g', 'grams'],
  ['Cel', 'celsius'],
  ['Hz', 'hertz'],
  ['%', 'percent'],
  ['1', ''],
]);

const UNITS_PER: ReadonlyMap<string, string> = new Map([
  ['s', 'second'],
  ['m', 'minute'],
  ['h', 'hour'],
  ['d', 'day'],
  ['w', 'week'],
  ['mo', 'month'],
  ['y', 'year'],
]);

/** What a name is made from. `type` decides the suffixes `_total` and `_ratio`. */
export interface NamedMetric {
  name: string;
  unit: string;
  type: 'counter' | 'gauge' | 'histogram' | 'summary';
}

/** The name of an OTLP metric as Prometheus writes it, e.g. `http.server.duration` in `ms` → `http_server_duration_milliseconds`. */
export function familyName({ name, unit, type }: NamedMetric): string {
  let tokens = tokensOf(name);
  for (const suffix of unitSuffixes(unit)) if (!tokens.includes(suffix)) tokens.push(...suffix.split('_'));
  if (type === 'counter') tokens = endingWith(tokens, 'total');
  if (type === 'gauge' && unit === '1') tokens = endingWith(tokens, 'ratio');
  const joined = tokens.join('_');
  return /^[0-9]/.test(joined) ? `_${joined}` : joined;
}

/** The unit as a word: `s` → `seconds`, `By/s` → `bytes_per_second`, an annotation such as `{request}` → nothing. */
export function unitWord({ unit, type }: Pick<NamedMetric, 'unit' | 'type'>): string {
  if (unit === '1') return type === 'gauge' ? 'ratio' : '';
  return unitSuffixes(unit).join('_');
}

/** A unit read from the end of a Prometheus metric's name, which is where it is by convention; empty if none is there. */
export function unitFromName(family: string): string {
  const last =
    family
      .replace(/_total$/, '')
      .split('_')
      .at(-1) ?? '';
  return NAME_UNITS.has(last) ? last : '';
}

const NAME_UNITS: ReadonlySet<string> = new Set(
  [...UNITS.values(), 'ratio', 'percent'].filter((unit) => unit !== ''),
);

/** A label name: letters, digits and underscores, not starting with a digit. */
export function labelName(key: string): string {
  const name = key.replace(/[^a-zA-Z0-9_]/g, '_');
  return /^[0-9]/.test(name) ? `key_${name}` : name;
}

/** A bucket's bound as the text of its `le` label, one text for one number whoever wrote it: `1`, `1.0` and `1e0` → `1`. */
export function boundText(bound: number): string {
  if (bound === Number.POSITIVE_INFINITY) return '+Inf';
  return bound === Number.NEGATIVE_INFINITY ? '-Inf' : String(bound);
}

function tokensOf(text: string): string[] {
  return text.split(/[^a-zA-Z0-9:]+/).filter((token) => token !== '');
}

function unitSuffixes(unit: string): string[] {
  const slash = unit.indexOf('/');
  const main = slash < 0 ? unit : unit.slice(0, slash);
  const per = slash < 0 ? '' : unit.slice(slash + 1);
  const suffixes: string[] = [];
  const mainWord = wordOf(main, UNITS);
  if (mainWord !== '') suffixes.push(mainWord);
  const perWord = wordOf(per, UNITS_PER);
  if (perWord !== '') suffixes.push(`per_${perWord}`);
  return suffixes;
}

function wordOf(unit: string, words: ReadonlyMap<string, string>): string {
  const trimmed = unit.trim();
  if (trimmed.includes('{') || trimmed.includes('}')) return '';
  return tokensOf(words.get(trimmed) ?? trimmed).join('_');
}

function endingWith(tokens: string[], last: string): string[] {
  return [...tokens.filter((token) => token !== last), last];
}
