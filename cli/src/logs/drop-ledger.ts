const reasonTexts = {
  buffer_full: 'the collector did not keep up and the buffer is full',
  refused: 'the collector refused them',
  not_delivered: 'the collector did not answer before the end',
} as const;

export type DropReason = keyof typeof reasonTexts;

const tellAfterMs = 1_000;

/** Counts lost log lines by reason and tells of them, at most once a second. */
export class DropLedger {
  #tell: (text: string) => void;
  #untold = new Map<DropReason, number>();
  #total = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  get total(): number {
    return this.#total;
  }

  count(reason: DropReason, lines: number): void {
    this.#total += lines;
    this.#untold.set(reason, (this.#untold.get(reason) ?? 0) + lines);
    this.#timer ??= setTimeout(() => this.#tellAll(), tellAfterMs).unref();
  }

  /** Tells what is untold, now. */
  close(): void {
    clearTimeout(this.#timer);
    this.#tellAll();
  }

  #tellAll(): void {
    this.#timer = undefined;
    for (const [reason, lines] of this.#untold) {
      this.#tell(
        `${lines} log ${lines === 1 ? 'line is' : 'lines are'} not in the console: ${reasonTexts[reason]}`,
      );
    }
    this.#untold.clear();
  }
}
