/** How a check ended. `skipped` is what could not, or need not, be looked at. */
export type FindingStatus = 'ok' | 'warning' | 'problem' | 'skipped';

/** One thing that was looked at. */
export interface Finding {
  readonly status: FindingStatus;
  /** What was looked at, e.g. `DNS` or a variable. */
  readonly name: string;
  /** What was found, in words. */
  readonly message: string;
  /** What to do next; every warning and problem has one. */
  readonly advice?: string;
}

/** Findings that belong together. */
export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

export interface DoctorReport {
  readonly version: string;
  readonly sections: readonly Section[];
  readonly durationMs: number;
}

export function ok(name: string, message: string): Finding {
  return { status: 'ok', name, message };
}

export function skipped(name: string, message: string): Finding {
  return { status: 'skipped', name, message };
}

export function warning(name: string, message: string, advice: string): Finding {
  return { status: 'warning', name, message, advice };
}

export function problem(name: string, message: string, advice: string): Finding {
  return { status: 'problem', name, message, advice };
}

/** How many findings end in each way. */
export function countByStatus({ sections }: DoctorReport): Readonly<Record<FindingStatus, number>> {
  const counts: Record<FindingStatus, number> = { ok: 0, warning: 0, problem: 0, skipped: 0 };
  for (const { status } of sections.flatMap(({ findings }) => findings)) counts[status]++;
  return counts;
}
