import { type Finding, type Subject, shown } from './model.ts';
import type { RuleOf } from './rules.ts';
import type { SecretTest } from './secret-test.ts';

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
  readonly #secrets: SecretTest | undefined;
  readonly #found = new Map<string, Finding>();

  /** With a test for secrets, names and values that hold one are not shown. */
  constructor(subject: Of, where: string, secrets?: SecretTest) {
    this.#subject = subject;
    this.#where = where;
    this.#secrets = secrets;
  }

  get list(): readonly Finding[] {
    return [...this.#found.values()];
  }

  add(rule: RuleOf<Of>, name: string, detail: FindingDetail): void {
    const { label, message, contract } = detail;
    const value = detail.value === undefined ? undefined : this.#shown(label ?? '', detail.value);
    // The values of an attribute or field differ with each request; those of a label are what it is about.
    const distinction = this.#subject === 'metrics' ? (value ?? message) : message;
    const key = [rule, name, label, distinction].join('\u0000');
    if (this.#found.has(key) || this.#found.size >= mostFindings) return;
    this.#found.set(key, {
      subject: this.#subject,
      where: this.#where,
      rule,
      name: this.#shown('', name),
      ...(label === undefined ? {} : { label }),
      ...(value === undefined ? {} : { value }),
      message,
      ...(contract === undefined ? {} : { contract }),
    });
  }

  #shown(key: string, value: unknown): string {
    return this.#secrets?.inValue(key, value) === undefined ? shown(value) : '(not shown)';
  }
}
