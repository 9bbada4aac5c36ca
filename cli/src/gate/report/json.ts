import type { GateReport } from '../model.ts';
import { rules } from '../rules.ts';

/** The report for programs: every finding with the text of its rule. */
export function renderJson({ inspections, durationMs }: GateReport): string {
  const findings = inspections.flatMap(({ subject, findings: own }) =>
    own.map((finding) => {
      const texts: Readonly<Record<string, string>> = rules[subject];
      return { ...finding, ruleText: texts[finding.rule] };
    }),
  );
  const checked = inspections.map(({ subject, where, checked: what, notes, findings: own }) => {
    return { subject, where, checked: what, notes, findings: own.length };
  });
  return `${JSON.stringify({ findings, inspections: checked, durationMs: Math.round(durationMs) }, undefined, 2)}\n`;
}
