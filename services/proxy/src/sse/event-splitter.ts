const lineFeed = 0x0a;
const carriageReturn = 0x0d;

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
    for (let index = 0; index < chunk.length; index += 1) {
      if (!this.#endsEvent(chunk[index])) continue;
      events.push(this.#complete(chunk.subarray(start, index + 1)));
      start = index + 1;
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

  #endsEvent(byte: number | undefined): boolean {
    if (byte === lineFeed && this.#previousWasReturn) {
      this.#previousWasReturn = false;
      return false;
    }
    this.#previousWasReturn = byte === carriageReturn;
    if (byte !== lineFeed && byte !== carriageReturn) {
      this.#lineIsEmpty = false;
      return false;
    }
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
