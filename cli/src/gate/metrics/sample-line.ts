/** A label as it stands in a series. */
export type Label = readonly [name: string, value: string];

export interface Exemplar {
  readonly labels: readonly Label[];
  readonly value: number;
}

/** One sample line of an exposition. */
export interface Sample {
  readonly line: number;
  readonly name: string;
  readonly labels: readonly Label[];
  readonly value: number;
  readonly exemplar?: Exemplar;
}

const samplePattern = /^([a-zA-Z_:][a-zA-Z0-9_:]*)\s*/;
const labelNamePattern = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const numberPattern = /^[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|[iI]nf(inity)?|NaN)$/;

/**
 * Reads a sample: `name{label="value"} 1 [timestamp] [# {label="value"} 1 [timestamp]]`.
 * @throws {SyntaxError} saying what is wrong with it.
 */
export function parseSample(text: string, line: number): Sample {
  const name = samplePattern.exec(text);
  if (name === null) throw new SyntaxError('it must begin with a metric name');
  const cursor = new Cursor(text, name[0].length);
  const labels = cursor.peek() === '{' ? cursor.labels() : [];
  const value = cursor.number('a value');
  cursor.optionalNumber();
  const sample = { line, name: name[1] ?? '', labels, value };
  if (cursor.isAtEnd) return sample;
  return { ...sample, exemplar: readExemplar(cursor) };
}

function readExemplar(cursor: Cursor): Exemplar {
  cursor.expect('#');
  cursor.skipSpace();
  const labels = cursor.labels();
  const value = cursor.number('a value of the exemplar');
  cursor.optionalNumber();
  if (!cursor.isAtEnd) throw new SyntaxError('nothing may follow the exemplar');
  return { labels, value };
}

class Cursor {
  readonly #text: string;
  #position: number;

  constructor(text: string, position: number) {
    this.#text = text;
    this.#position = position;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  peek(): string {
    return this.#text[this.#position] ?? '';
  }

  expect(character: string): void {
    if (this.peek() !== character) {
      throw new SyntaxError(`expected ${character} in column ${this.#position + 1}`);
    }
    this.#position++;
  }

  skipSpace(): void {
    while (this.peek() === ' ' || this.peek() === '\t') this.#position++;
  }

  number(what: string): number {
    const word = this.#word();
    if (!numberPattern.test(word)) throw new SyntaxError(`expected ${what}, it is "${word.slice(0, 50)}"`);
    return toNumber(word);
  }

  /** A timestamp, which is not kept. */
  optionalNumber(): void {
    if (!this.isAtEnd && this.peek() !== '#') this.number('a timestamp');
  }

  labels(): Label[] {
    const labels: Label[] = [];
    this.expect('{');
    for (;;) {
      this.skipSpace();
      if (this.peek() === '}') break;
      labels.push(this.#label());
      this.skipSpace();
      if (this.peek() !== '}') this.expect(',');
    }
    this.expect('}');
    this.skipSpace();
    return labels;
  }

  #label(): Label {
    const equals = this.#text.indexOf('=', this.#position);
    const name = this.#text.slice(this.#position, equals === -1 ? undefined : equals).trim();
    if (!labelNamePattern.test(name)) throw new SyntaxError(`"${name.slice(0, 50)}" is not a label name`);
    this.#position = equals + 1;
    this.skipSpace();
    return [name, this.#quoted()];
  }

  #quoted(): string {
    this.expect('"');
    let value = '';
    for (;;) {
      const character = this.peek();
      if (character === '') throw new SyntaxError('a label value does not end');
      this.#position++;
      if (character === '"') return value;
      value += character === '\\' ? this.#escaped() : character;
    }
  }

  #escaped(): string {
    const character = this.peek();
    this.#position++;
    if (character === 'n') return '\n';
    if (character === '"' || character === '\\') return character;
    throw new SyntaxError(`"\\${character}" is no escape: only \\\\, \\" and \\n are`);
  }

  #word(): string {
    this.skipSpace();
    const start = this.#position;
    while (!this.isAtEnd && this.peek() !== ' ' && this.peek() !== '\t') this.#position++;
    const word = this.#text.slice(start, this.#position);
    this.skipSpace();
    return word;
  }
}

function toNumber(word: string): number {
  if (/inf/i.test(word)) return word.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(word);
}
