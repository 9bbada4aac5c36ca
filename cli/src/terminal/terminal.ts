import type { Writable } from 'node:stream';
import { createStyle, type Style, showsColour, showsUnicode } from './style.ts';

/** Bytes that may wait for a slow reader before lines are left out. */
const longestBacklogBytes = 1_048_576;

/** A stream that may be a terminal, such as `process.stdout`. */
export type TerminalStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** An output that people read. */
export class Terminal {
  readonly style: Style;
  /** True when a line can be redrawn. */
  readonly isInteractive: boolean;
  #stream: TerminalStream;
  #linesLeftOut = 0;

  constructor(stream: TerminalStream, environment: NodeJS.ProcessEnv) {
    const isTerminal = stream.isTTY === true;
    this.#stream = stream;
    this.style = createStyle({
      colour: showsColour(environment, { isTerminal }),
      unicode: showsUnicode(environment, process.platform),
    });
    this.isInteractive = isTerminal && environment.TERM !== 'dumb' && (environment.CI ?? '') === '';
  }

  /** Width in columns; 80 when there is none. */
  get columns(): number {
    return this.#stream.columns || 80;
  }

  /** Writes a line; leaves it out, and says so later, while the reader is far behind. */
  line(text = ''): void {
    if (this.#stream.writableLength > longestBacklogBytes) {
      this.#linesLeftOut += 1;
      return;
    }
    if (this.#linesLeftOut > 0) {
      this.#stream.write(`(${this.#linesLeftOut} lines left out: the terminal was too slow)\n`);
      this.#linesLeftOut = 0;
    }
    this.#stream.write(`${text}\n`);
  }

  /** Replaces the line the cursor is on. Only for an interactive terminal. */
  redraw(text: string): void {
    this.#stream.write(`\r\u001b[2K${text}`);
  }
}
