const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Where the byte is next, or the end of the chunk. */
function indexOr(chunk: Uint8Array, byte: number, from: number): number {
  const index = chunk.indexOf(byte, from);
  return index === -1 ? chunk.length : index;
}

/** An event longer than the limit: what follows in the stream can no longer be told apart. */
export class EventTooLargeError extends Error {
  override readonly name = 'EventTooLargeError';

  constructor(limitBytes: number) {
    super(`an event of the stream is larger than ${limitBytes} bytes`);
  }
}

/**
 * Cuts a stream of bytes into whole server-sent events without changing a byte: the events put together are what came
 * in. An event ends with an empty line; lines end with LF, CR or CRLF, wherever the chunks happen to be cut.
 */
export class EventSplitter {
  readonly #limitBytes: number;
  #pieces: Uint8Array[] = [];
  #heldBytes = 0;
  #lineIsEmpty = true;
  #previousWasReturn = false;

  constructor(options: { readonly limitBytes: number }) {
    this.#limitBytes = options.limitBytes;
  }

  /** How many bytes of an unfinished event are held back. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * Takes the next bytes and returns the events they complete, blank lines included.
   *
   * @throws {EventTooLargeError} when an event exceeds the limit, complete or not.
   */
  push(chunk: Uint8Array): Uint8Array[] {
    const events: Uint8Array[] = [];
    let start = 0;
    let position = 0;
    // Looked for in native code, from line end to line end: most bytes are never looked at here.
    let nextReturn = indexOr(chunk, carriageReturn, 0);
    while (position < chunk.length) {
      if (nextReturn < position) nextReturn = indexOr(chunk, carriageReturn, position);
      const end = Math.min(indexOr(chunk, lineFeed, position), nextReturn);
      if (end > position) {
        this.#lineIsEmpty = false;
        this.#previousWasReturn = false;
      }
      position = end + 1;
      if (end === chunk.length || !this.#endsEvent(chunk[end])) continue;
      events.push(this.#complete(chunk.subarray(start, position)));
      start = position;
    }
    this.#hold(chunk.subarray(start));
    return events;
  }

  /** The bytes of an event that the end of the stream left unfinished. */
  rest(): Uint8Array {
    const rest = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#heldBytes = 0;
    return rest;
  }

  /** Whether the line end at hand, a line feed or a carriage return, is the one after an empty line. */
  #endsEvent(byte: number | undefined): boolean {
    if (byte === lineFeed && this.#previousWasReturn) {
      this.#previousWasReturn = false;
      return false;
    }
    this.#previousWasReturn = byte === carriageReturn;
    const ends = this.#lineIsEmpty;
    this.#lineIsEmpty = true;
    return ends;
  }

  #complete(tail: Uint8Array): Uint8Array {
    if (this.#heldBytes + tail.length > this.#limitBytes) throw new EventTooLargeError(this.#limitBytes);
    if (this.#pieces.length === 0) return tail;
    const event = Buffer.concat([...this.#pieces, tail]);
    this.#pieces = [];
    this.#heldBytes = 0;
    return event;
  }

  #hold(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#heldBytes += piece.length;
    if (this.#heldBytes > this.#limitBytes) throw new EventTooLargeError(this.#limitBytes);
    this.#pieces.push(piece);
  }
}
