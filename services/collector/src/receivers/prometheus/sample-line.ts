import { excerpt } from '@ibex/telemetry/privacy';
import type { ExpositionFormat, ScrapedSample } from './exposition.ts';

/** What a target exposes breaks the format or a bound. */
export class ExpositionError extends Error {
  override name = 'ExpositionError';

  constructor(lineNumber: number, reason: string) {
    super(`line ${lineNumber}: ${reason}`);
  }
}

const MAX_LABELS = 64;
const MAX_NAME_LENGTH = 256;
const MAX_LABEL_LENGTH = 2_048;

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const OPEN_BRACE = /[ \t]*\{/y;
const CLOSE_BRACE = /[ \t]*\}/y;
const LABEL = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(?:,|(?=\}))/y;
/** Value and time, and in OpenMetrics an exemplar, which is passed over. */
const REST = /[ \t]*(\S+)(?:[ \t]+(-?[0-9][0-9.eE+-]*))?(?:[ \t]+#[ \t]*\{.*)?[ \t]*$/y;

/** Reads `name{label="value",…} value [time]`. */
export function parseSampleLine(
  line: string,
  { lineNumber, format }: { lineNumber: number; format: ExpositionFormat },
): ScrapedSample {
  const fail = (reason: string): ExpositionError =>
    new ExpositionError(lineNumber, `${reason}, in '${excerpt(line, 80)}'`);
  const name = match(NAME, { line, at: 0 })?.[0];
  if (name === undefined) throw fail('a sample must start with a metric name');
  if (name.length > MAX_NAME_LENGTH) throw fail(`a metric name may have ${MAX_NAME_LENGTH} characters`);
  const { labels, end } = parseLabels(line, { at: name.length, fail });
  const rest = match(REST, { line, at: end });
  const value = toNumber(rest?.[1]);
  if (rest === undefined || value === undefined) throw fail('the labels must be followed by a number');
  return { name, labels, value, timeUnixMs: toUnixMs(rest[2], format) };
}

function parseLabels(
  line: string,
  { at, fail }: { at: number; fail: (reason: string) => ExpositionError },
): { labels: [string, string][]; end: number } {
  const labels: [string, string][] = [];
  const open = match(OPEN_BRACE, { line, at });
  if (open === undefined) return { labels, end: at };
  let end = at + open[0].length;
  for (;;) {
    const close = match(CLOSE_BRACE, { line, at: end });
    if (close !== undefined) return { labels, end: end + close[0].length };
    const label = match(LABEL, { line, at: end });
    if (label?.[1] === undefined || label[2] === undefined)
      throw fail('labels must be name="value", separated by commas');
    const { 0: text, 1: name, 2: escaped } = label;
    if (labels.length >= MAX_LABELS) throw fail(`a sample may have ${MAX_LABELS} labels`);
    if (escaped.length > MAX_LABEL_LENGTH) throw fail(`a label may have ${MAX_LABEL_LENGTH} characters`);
    labels.push([name, unescapeLabel(escaped)]);
    end += text.length;
  }
}

function match(pattern: RegExp, { line, at }: { line: string; at: number }): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(line) ?? undefined;
}

function unescapeLabel(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(.)/g, (_all, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

const FINITE = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

function toNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (FINITE.test(text)) return Number(text);
  if (/^nan$/i.test(text)) return Number.NaN;
  const infinite = INFINITE.exec(text);
  if (infinite === null) return undefined;
  return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** The text format counts milliseconds, OpenMetrics seconds. */
function toUnixMs(text: string | undefined, format: ExpositionFormat): number | undefined {
  const number = toNumber(text);
  if (number === undefined) return undefined;
  return Math.round(format === 'openmetrics' ? number * 1000 : number);
}
