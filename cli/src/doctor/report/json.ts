import { countByStatus, type DoctorReport } from '../model.ts';

/** The report for programs: `result` is the worst status, `findings` in the order of the table. */
export function renderDoctorJson(report: DoctorReport): string {
  const counts = countByStatus(report);
  const findings = report.sections.flatMap(({ title, findings: own }) =>
    own.map((finding) => ({ section: title, ...finding })),
  );
  const result = counts.problem > 0 ? 'problem' : counts.warning > 0 ? 'warning' : 'ok';
  const { version, durationMs } = report;
  return `${JSON.stringify({ version, result, counts, findings, durationMs: Math.round(durationMs) }, undefined, 2)}\n`;
}
