import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** What a suite took and gives back, last thing first, when it ends. Made in the body of `describe`. */
export class Cleanup {
  readonly #steps: (() => unknown)[] = [];

  constructor() {
    after(async () => {
      for (const step of this.#steps.toReversed()) await step();
    });
  }

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  /** An empty directory. */
  directory(): string {
    const directory = mkdtempSync(join(tmpdir(), 'ibex-auth-'));
    this.add(() => rmSync(directory, { recursive: true, force: true }));
    return directory;
  }
}
