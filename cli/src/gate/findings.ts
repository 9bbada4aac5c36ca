import { type Finding, type Subject, shown } from './model.ts';
import type { RuleOf } from './rules.ts';

const mostFindings = 1_000;

export interface FindingDetail {
  readonly label?: string;
  readonly value?: unknown;
  readonly message: string;
  readonly contract?: string | undefined;
}

/** Collects the findings of one inspection: each place once, and a bounded number of them. */
export class Findings<Of extends Subject> {
  readonly #subject: Of;
  readonly #where: string;
  readonly #found = new Map<string, Finding>();

  constructor(subject: Of, where: string) {
    this.#subject = subject;
    this.#where = where;
  }

  get list(): readonly Finding[] {
    return [...this.#found.values()];
  }

  add(rule: RuleOf<Of>, name: string, detail: FindingDetail): void {
    const { label, message, contract } = detail;
    const value = detail.value === undefined ? undefined : shown(detail.value);
    const key = [rule, name, label, value ?? message].join('\u0000');
    if (this.#found.has(key) || this.#found.size >= mostFindings) return;
    this.#found.set(key, {
      subject: this.#subject,
      where: this.#where,
      rule,
      name: shown(name),
      ...(label === undefined ? {} : { label }),
      ...(value === undefined ? {} : { value }),
      message,
      ...(contract === undefined ? {} : { contract }),
    });
  }
}
