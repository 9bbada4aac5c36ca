import type { Terminal } from './terminal.ts';

const redrawMs = 100;

/**
 * Shows how far a start has come: a line for each step that is done, with its seconds, and on an interactive
 * terminal one more that says what is being waited for.
 */
export class Progress {
  #terminal: Terminal;
  #startedAt = new Map<string, number>();
  #frame = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    if (terminal.isInteractive) this.#timer = setInterval(() => this.#redraw(), redrawMs);
  }

  /** Says something that is no step, on a line of its own. */
  say(text: string): void {
    this.#permanent(text);
  }

  begin(step: string): void {
    this.#startedAt.set(step, performance.now());
  }

  /** A step ended well; `note` is said after its seconds. */
  done(step: string, note = ''): void {
    const seconds = (performance.now() - (this.#startedAt.get(step) ?? performance.now())) / 1000;
    this.#startedAt.delete(step);
    const { style } = this.#terminal;
    this.#permanent(
      `  ${style.green(style.symbols.done)} ${step.padEnd(12)} ${style.dim(`${seconds.toFixed(1)} s`)}${note && `  ${note}`}`,
    );
  }

  /** Takes the waiting line away; nothing is shown any more. */
  stop(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#terminal.redraw('');
  }

  #permanent(text: string): void {
    if (this.#timer !== undefined) this.#terminal.redraw('');
    this.#terminal.line(text);
    if (this.#timer !== undefined) this.#redraw();
  }

  #redraw(): void {
    if (this.#startedAt.size === 0) return;
    const { style, columns } = this.#terminal;
    const spinner = style.symbols.spinner[this.#frame++ % style.symbols.spinner.length] ?? '';
    const seconds = (performance.now() - Math.min(...this.#startedAt.values())) / 1000;
    const text = `waiting for ${[...this.#startedAt.keys()].join(', ')} ${style.symbols.dot} ${seconds.toFixed(1)} s`;
    this.#terminal.redraw(`  ${style.cyan(spinner)} ${style.dim(text.slice(0, Math.max(0, columns - 6)))}`);
  }
}
