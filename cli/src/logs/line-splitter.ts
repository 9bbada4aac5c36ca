import { StringDecoder } from 'node:string_decoder';

/** Characters of a line that are kept; what is longer is cut and marked. */
export const longestLine = 65_536;
const cutMark = ' …[cut]';

/** Cuts a stream of bytes into lines, holding at most one bounded line. */
export class LineSplitter {
  #decoder = new StringDecoder('utf8');
  #onLine: (line: string) => void;
  #pending = '';
  #isCut = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  write(chunk: Buffer): void {
    const parts = this.#decoder.write(chunk).split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      this.#append(part);
      this.#finishLine();
    }
    this.#append(last);
  }

  /** The stream ended: what is left is a line too. */
  end(): void {
    this.#append(this.#decoder.end());
    this.#finishLine();
  }

  #append(text: string): void {
    const room = longestLine - this.#pending.length;
    if (text.length > room) this.#isCut = true;
    this.#pending += text.length > room ? text.slice(0, room) : text;
  }

  #finishLine(): void {
    const line = this.#isCut ? this.#pending + cutMark : this.#pending.replace(/\r$/, '');
    this.#pending = '';
    this.#isCut = false;
    if (line !== '') this.#onLine(line);
  }
}
