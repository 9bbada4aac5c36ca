import { parseSample, type Sample } from './sample-line.ts';

export type ExpositionFormat = 'text' | 'openmetrics';

/** A metric with all its samples. Counters are named as in text 0.0.4, with `_total`, in both formats. */
export interface Family {
  readonly name: string;
  readonly line: number;
  type: string | undefined;
  help: string | undefined;
  /** OpenMetrics only. */
  unit: string | undefined;
  readonly samples: Sample[];
}

export interface FormatProblem {
  readonly line: number;
  readonly text: string;
  readonly message: string;
}

export interface Exposition {
  readonly format: ExpositionFormat;
  readonly families: ReadonlyMap<string, Family>;
  readonly problems: readonly FormatProblem[];
  readonly sampleCount: number;
}

const mostLines = 2_000_000;
const mostProblems = 100;
const sampleSuffixes: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count', '_created'],
  summary: ['', '_sum', '_count', '_created'],
  counter: ['', '_total', '_created'],
};
/** OpenMetrics tells a counter's samples from its family by their suffix. */
const openMetricsSuffixes = { ...sampleSuffixes, counter: ['_total', '_created'] };
const endOfExposition = '# EOF';

/** Reads an exposition in text format 0.0.4 or OpenMetrics 1.0; what cannot be read is a problem, not an error. */
export function parseExposition(text: string, format: ExpositionFormat): Exposition {
  const reader = new Reader(format);
  const lines = text.split('\n', mostLines);
  if (text !== '' && !text.endsWith('\n'))
    reader.problem(lines.length, 'the last line must end with a line feed');
  if (lines.at(-1) === '') lines.pop();
  for (const [index, line] of lines.entries()) reader.read(line, index + 1);
  if (format === 'openmetrics' && lines.at(-1) !== endOfExposition) {
    reader.problem(lines.length, 'the last line must be "# EOF"');
  }
  return reader.result();
}

class Reader {
  readonly #format: ExpositionFormat;
  readonly #families = new Map<string, Family>();
  readonly #problems: FormatProblem[] = [];
  #current: Family | undefined;
  #hasEnded = false;
  #sampleCount = 0;
  #line = '';

  constructor(format: ExpositionFormat) {
    this.#format = format;
  }

  result(): Exposition {
    return {
      format: this.#format,
      families: new Map([...this.#families.values()].map((family) => [this.#contractName(family), family])),
      problems: this.#problems,
      sampleCount: this.#sampleCount,
    };
  }

  problem(line: number, message: string): void {
    if (this.#problems.length < mostProblems) this.#problems.push({ line, text: this.#line, message });
  }

  read(text: string, line: number): void {
    this.#line = text;
    if (this.#hasEnded) this.problem(line, 'nothing may follow "# EOF"');
    if (text.startsWith('#')) this.#readComment(text, line);
    else if (text.trim() === '') this.#readBlank(line);
    else this.#readSample(text, line);
  }

  #readBlank(line: number): void {
    if (this.#format === 'openmetrics') this.problem(line, 'OpenMetrics has no empty lines');
  }

  #readComment(text: string, line: number): void {
    const [, keyword = '', name = '', rest = ''] = /^# (HELP|TYPE|UNIT) (\S+) ?(.*)$/.exec(text) ?? [];
    const isText = this.#format === 'text';
    if (keyword === '' || (keyword === 'UNIT' && isText)) {
      this.#hasEnded ||= text === endOfExposition && !isText;
      if (!isText && !this.#hasEnded) this.problem(line, 'OpenMetrics has no comments');
      return;
    }
    const family = this.#open(name, line);
    if (family.samples.length > 0) this.problem(line, `${keyword} of ${name} must come before its samples`);
    if (keyword === 'TYPE') this.#setType(family, rest.trim(), line);
    else if (family[keyword === 'HELP' ? 'help' : 'unit'] !== undefined)
      this.problem(line, `${name} must have one ${keyword} line, this is another`);
    else if (keyword === 'UNIT') family.unit = rest;
    else family.help = this.#unescapeHelp(rest, line);
  }

  /** OpenMetrics escapes quotes in a help text, text 0.0.4 does not. */
  #unescapeHelp(text: string, line: number): string {
    if (this.#format === 'openmetrics' && /(?<!\\)(?:\\\\)*"/.test(text)) {
      this.problem(line, 'a quote in a help text must be escaped');
    }
    return text.replaceAll(/\\([\\n"])/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped));
  }

  #setType(family: Family, type: string, line: number): void {
    if (family.type !== undefined)
      this.problem(line, `${family.name} must have one TYPE line, this is another`);
    else family.type = type;
  }

  #readSample(text: string, line: number): void {
    this.#sampleCount++;
    try {
      const sample = parseSample(text, line);
      this.#familyOf(sample).samples.push(sample);
      if (sample.exemplar !== undefined && this.#format === 'text') {
        this.problem(line, 'an exemplar is legal in OpenMetrics only');
      }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.problem(line, error.message);
    }
  }

  #familyOf(sample: Sample): Family {
    const current = this.#current;
    const all: typeof sampleSuffixes = this.#format === 'openmetrics' ? openMetricsSuffixes : sampleSuffixes;
    const suffixes = all[current?.type ?? ''] ?? [''];
    if (current !== undefined && suffixes.some((suffix) => `${current.name}${suffix}` === sample.name)) {
      return current;
    }
    return this.#open(sample.name, sample.line);
  }

  /** Makes a family the current one; one that is left cannot be come back to. */
  #open(name: string, line: number): Family {
    if (this.#current?.name === name) return this.#current;
    const known = this.#families.get(name);
    if (known !== undefined) this.problem(line, `all lines of ${name} must stand together, these are apart`);
    this.#current = known ?? { name, line, type: undefined, help: undefined, unit: undefined, samples: [] };
    this.#families.set(name, this.#current);
    return this.#current;
  }

  #contractName({ name, type }: Family): string {
    return this.#format === 'openmetrics' && type === 'counter' ? `${name}_total` : name;
  }
}
