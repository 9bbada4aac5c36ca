import { fstatSync, writeSync } from 'node:fs';

const standardOutput = 1;
const maximumBufferedBytes = 16 * 1024 * 1024;
/** From here on lines are handed over at once instead of at the end of the turn. */
const chunkBytes = 64 * 1024;
const retryMs = 5;
/** How long the end of the process waits for a reader that takes nothing. */
const patienceMs = 1_000;

/** Where finished lines go. */
export interface LogDestination {
  write(line: string): void;
  /** Hands everything over before it returns. */
  flush(): void;
}

/**
 * Standard output. Lines are written from this thread, many at a time and without blocking: what is handed to another
 * thread is out of order, or lost, when the process ends in the meantime. A reader that does not keep up is tried again;
 * when 16 MiB wait, further lines are dropped and `onDrop` is told. The rest is written when the process exits.
 */
export function stdoutDestination(onDrop: () => void): LogDestination {
  makeNonBlocking();
  const output = new LineQueue(onDrop);
  process.on('exit', () => output.flush());
  return output;
}

/** Node does so for pipes and sockets when the stream is first looked at. */
function makeNonBlocking(): void {
  try {
    const kind = fstatSync(standardOutput);
    if (kind.isFIFO() || kind.isSocket()) void process.stdout;
  } catch {
    // Standard output is closed; the first write says so, too.
  }
}

class LineQueue implements LogDestination {
  readonly #onDrop: () => void;
  #lines: string[] = [];
  /** Of `#lines`, in characters: an estimate that costs nothing. */
  #waiting = 0;
  /** What is being written, from `#offset` on. */
  #chunk = Buffer.alloc(0);
  #offset = 0;
  /** A drain at the end of this turn is on its way, or one that tries a slow reader again. */
  #scheduled = false;
  #retrying = false;
  #broken = false;

  constructor(onDrop: () => void) {
    this.#onDrop = onDrop;
  }

  write(line: string): void {
    if (this.#broken) return;
    if (this.#waiting + this.#chunk.length - this.#offset > maximumBufferedBytes) {
      this.#onDrop();
      return;
    }
    this.#lines.push(line);
    this.#waiting += line.length;
    if (this.#retrying) return;
    if (this.#waiting >= chunkBytes) this.#drain();
    else this.#schedule();
  }

  flush(): void {
    let takenAt = performance.now();
    while (!this.#writeAll() && performance.now() - takenAt < patienceMs) {
      const offset = this.#offset;
      const chunk = this.#chunk;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
      this.#writeChunk();
      if (this.#offset !== offset || this.#chunk !== chunk) takenAt = performance.now();
    }
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#retrying) this.#drain();
    });
  }

  #drain(): void {
    this.#retrying = !this.#writeAll();
    if (this.#retrying) setTimeout(() => this.#drain(), retryMs).unref();
  }

  /** Writes until nothing waits or the reader takes no more, which is said by false. */
  #writeAll(): boolean {
    while (this.#writeChunk()) {
      if (this.#lines.length === 0) return true;
      this.#chunk = Buffer.from(this.#lines.join(''));
      this.#offset = 0;
      this.#lines = [];
      this.#waiting = 0;
    }
    return false;
  }

  #writeChunk(): boolean {
    try {
      while (this.#offset < this.#chunk.length) {
        this.#offset += writeSync(standardOutput, this.#chunk, this.#offset);
      }
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
      // The reader went away: there is nobody to tell, and losing logs must not end the process.
      this.#broken = true;
      this.#offset = this.#chunk.length;
      this.#lines = [];
      return true;
    }
  }
}
