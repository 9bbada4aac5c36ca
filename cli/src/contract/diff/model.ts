/** Something that relies on what the contract says. */
export interface Dependent {
  readonly kind: 'objective' | 'alert' | 'recording rule' | 'dashboard' | 'consumer';
  /** Its name: of the objective, the rule, the dashboard and panel, or the file. */
  readonly name: string;
  /** `file:line`, where it is in a file. */
  readonly at?: string;
}

/** What a change is about: how uses of it are found. */
export interface Subject {
  /** The metric, span name, attribute, log field or key that is looked for. */
  readonly name: string;
  readonly kind: 'metric' | 'span' | 'attribute' | 'field' | 'objective' | 'other';
  /** A label, or a value of it, that has to occur along with the metric. */
  readonly detail?: string;
}

/** One difference between two contracts. */
export interface Change {
  /** Path of the entry, e.g. `metrics.http_requests_total.labels.path`. */
  readonly entry: string;
  readonly breaking: boolean;
  /** What changed, and what follows. */
  readonly message: string;
  readonly subject: Subject;
  /** Whom a breaking change breaks, as far as they were found. */
  readonly affects: readonly Dependent[];
}

/** A difference before its dependents are looked up. */
export type RawChange = Omit<Change, 'affects'>;

export function breaking(entry: string, subject: Subject, message: string): RawChange {
  return { entry, breaking: true, message, subject };
}

export function compatible(entry: string, subject: Subject, message: string): RawChange {
  return { entry, breaking: false, message, subject };
}

/** What one list has and another has not. */
export function without<Item>(items: readonly Item[], others: readonly Item[]): Item[] {
  return items.filter((item) => !others.includes(item));
}

/** The names both tables have, those only the old one has, and those only the new one has. */
export function compareKeys(
  old: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): { kept: string[]; removed: string[]; added: string[] } {
  const oldKeys = Object.keys(old);
  const newKeys = Object.keys(now);
  return {
    kept: oldKeys.filter((key) => newKeys.includes(key)),
    removed: without(oldKeys, newKeys),
    added: without(newKeys, oldKeys),
  };
}
