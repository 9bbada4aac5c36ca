/** What can be held against the contract. */
export const subjects = ['probes', 'metrics', 'traces', 'logs', 'source'] as const;
export type Subject = (typeof subjects)[number];

/** One place where something differs from the contract. */
export interface Finding {
  readonly subject: Subject;
  /** The service, or the file of a source tree. */
  readonly where: string;
  /** Id of the rule, see `rules.ts`. */
  readonly rule: string;
  /** The metric, span, line or probe it is about. */
  readonly name: string;
  /** The label, attribute or field, where it is about one. */
  readonly label?: string;
  /** What is there. */
  readonly value?: string;
  /** What the rule asks, the present value, and what to do. */
  readonly message: string;
  /** `file:line` of the entry of the contract it breaks. */
  readonly contract?: string;
}

/** What a check looked at in one service or tree. */
export interface Inspection {
  readonly subject: Subject;
  readonly where: string;
  readonly findings: readonly Finding[];
  /** What was held against the contract, in words: `55 metrics, 214 series`. */
  readonly checked: string;
  /** What could not be looked at, and why. */
  readonly notes: readonly string[];
}

export interface GateReport {
  readonly inspections: readonly Inspection[];
  readonly durationMs: number;
}

const longestValue = 200;

/** A value as a finding shows it: bounded, control characters escaped. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return escaped.length > longestValue ? `${escaped.slice(0, longestValue)}…` : escaped;
}
