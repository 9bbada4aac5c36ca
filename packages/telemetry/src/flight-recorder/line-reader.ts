import { maximumLineLength } from './announcement-line.ts';

/** Cuts text that comes in pieces into lines, and holds no more than one line of it. */
export class LineReader {
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** Reads a piece; false when the line under way is longer than any announcement. */
  push(text: string): boolean {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
    return this.#rest.length <= maximumLineLength;
  }
}
