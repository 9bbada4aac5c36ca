import { createHash, timingSafeEqual } from 'node:crypto';

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The code of the one-time link: right once. Without a configured code none is ever right. */
export class LoginCode {
  #expected: Buffer | undefined;

  constructor(code: string | undefined) {
    this.#expected = code === undefined ? undefined : digest(code);
  }

  /** Uses the code up if it is right. Takes the same time for every wrong one. */
  take(code: string): boolean {
    const expected = this.#expected;
    if (expected === undefined || !timingSafeEqual(expected, digest(code))) return false;
    this.#expected = undefined;
    return true;
  }

  /** Makes a code that was taken usable again, because the login it was taken for could not be tried. */
  giveBack(code: string): void {
    this.#expected = digest(code);
  }
}
