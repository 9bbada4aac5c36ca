import type { MetricMetadata, MetricType } from '../../model.ts';
import { ExpositionError, parseSampleLine } from './sample-line.ts';

/** `text` is Prometheus' text format 0.0.4, `openmetrics` the OpenMetrics text format 1.0. */
export type ExpositionFormat = 'text' | 'openmetrics';

export interface ScrapedSample {
  name: string;
  labels: [name: string, value: string][];
  value: number;
  /** Undefined when the target leaves the time to the scraper. */
  timeUnixMs: number | undefined;
}

export interface Exposition {
  samples: ScrapedSample[];
  families: Omit<MetricMetadata, 'unit'>[];
  /** Units by family, where the exposition says them. */
  units: ReadonlyMap<string, string>;
}

const MAX_SAMPLES = 50_000;
const MAX_LINE_LENGTH = 65_536;
const MAX_HELP_LENGTH = 1_024;

interface Family {
  type: MetricType;
  help: string;
}

interface Parsing {
  format: ExpositionFormat;
  families: Map<string, Family>;
  units: Map<string, string>;
  samples: ScrapedSample[];
}

/**
 * Parses what a target answered. All or nothing, as Prometheus does: half an exposition would look like a counter reset.
 * @throws {ExpositionError} naming the line, the rule and what was found.
 */
export function parseExposition(text: string, format: ExpositionFormat): Exposition {
  const parsing: Parsing = { format, families: new Map(), units: new Map(), samples: [] };
  let lineNumber = 0;
  let hasEnded = false;
  for (let start = 0; start < text.length && !hasEnded; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    lineNumber += 1;
    if (end - start > MAX_LINE_LENGTH)
      throw new ExpositionError(lineNumber, `a line may have ${MAX_LINE_LENGTH} characters`);
    const line = text.slice(start, end).trim();
    hasEnded = line === '# EOF';
    if (line.startsWith('#')) parseComment(line, parsing);
    else if (line !== '') addSample(line, { lineNumber, parsing });
    start = end + 1;
  }
  if (format === 'openmetrics' && !hasEnded) {
    throw new ExpositionError(
      lineNumber,
      'an OpenMetrics exposition must end with "# EOF"; this one was cut',
    );
  }
  return finish(parsing);
}

const COMMENT = /^#[ \t]+(TYPE|HELP|UNIT)[ \t]+([a-zA-Z_:][a-zA-Z0-9_:]*)[ \t]*(.*)$/;

function parseComment(line: string, { families, units }: Parsing): void {
  const [, keyword, name, rest = ''] = COMMENT.exec(line) ?? [];
  if (keyword === undefined || name === undefined) return;
  if (keyword === 'UNIT') {
    units.set(name, rest);
    return;
  }
  const family = families.get(name) ?? { type: 'unknown', help: '' };
  if (keyword === 'TYPE') family.type = TYPES.get(rest) ?? 'unknown';
  else family.help = unescapeHelp(rest).slice(0, MAX_HELP_LENGTH);
  families.set(name, family);
}

const TYPES: ReadonlyMap<string, MetricType> = new Map([
  ['counter', 'counter'],
  ['gauge', 'gauge'],
  ['histogram', 'histogram'],
  ['summary', 'summary'],
  ['info', 'gauge'],
  ['stateset', 'gauge'],
]);

function unescapeHelp(text: string): string {
  return text.replace(/\\([\\n"])/g, (_all, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

function addSample(line: string, { lineNumber, parsing }: { lineNumber: number; parsing: Parsing }): void {
  const { samples, format, families } = parsing;
  if (samples.length >= MAX_SAMPLES)
    throw new ExpositionError(lineNumber, `a target may expose ${MAX_SAMPLES} samples`);
  const sample = parseSampleLine(line, { lineNumber, format });
  if (!isCreationTime(sample.name, { format, families })) samples.push(sample);
}

/** OpenMetrics' `_created` says when a series began; as a series of its own it would only be clutter. */
function isCreationTime(name: string, { format, families }: Pick<Parsing, 'format' | 'families'>): boolean {
  return (
    format === 'openmetrics' && name.endsWith('_created') && families.has(name.slice(0, -'_created'.length))
  );
}

function finish({ format, families, units, samples }: Parsing): Exposition {
  const named = [...families].map(([name, family]) => ({
    name: seriesName(name, { type: family.type, format }),
    ...family,
  }));
  const namedUnits = new Map<string, string>();
  for (const [name, unit] of units) {
    namedUnits.set(seriesName(name, { type: families.get(name)?.type ?? 'unknown', format }), unit);
  }
  return { samples, families: named, units: namedUnits };
}

/** OpenMetrics names a counter's family without the `_total` that its samples carry; here a family has its series' name. */
function seriesName(name: string, { type, format }: { type: MetricType; format: ExpositionFormat }): string {
  return format === 'openmetrics' && type === 'counter' && !name.endsWith('_total') ? `${name}_total` : name;
}
