import type { Style } from '../../terminal/style.ts';
import type { Finding, GateReport, Inspection } from '../model.ts';

/** The report as people read it: a line for each inspection, each finding under it, and the sum. */
export function renderTable(report: GateReport, style: Style): string {
  const blocks = report.inspections.map((inspection) => renderInspection(inspection, style));
  return `${blocks.join('\n')}\n\n${renderSum(report, style)}\n`;
}

function renderInspection({ subject, where, findings, checked, notes }: Inspection, style: Style): string {
  const { symbols } = style;
  const mark = findings.length === 0 ? style.green(symbols.done) : style.red(symbols.failed);
  const head = `${mark} ${style.bold(subject.padEnd(8))} ${where.padEnd(10)} ${checked}`;
  const lines = [findings.length === 0 ? head : `${head}, ${style.red(counted(findings.length))}`];
  for (const note of notes) lines.push(`  ${style.dim(`${symbols.dot} ${note}`)}`);
  for (const finding of findings) lines.push(...renderFinding(finding, style));
  return lines.join('\n');
}

function renderFinding({ rule, name, label, value, message, contract }: Finding, style: Style): string[] {
  const place = [style.bold(name)];
  if (label !== undefined) place.push(label);
  if (value !== undefined) place.push(`= ${style.yellow(value)}`);
  const lines = [`    ${style.red(rule)}  ${place.join(' ')}`, `      ${message}`];
  if (contract !== undefined) lines.push(`      ${style.dim(`contract: ${contract}`)}`);
  return lines;
}

function renderSum({ inspections, durationMs }: GateReport, style: Style): string {
  const count = inspections.reduce((sum, { findings }) => sum + findings.length, 0);
  const sum = count === 0 ? style.green('no findings') : style.red(counted(count));
  const where = inspections.length === 1 ? '1 inspection' : `${inspections.length} inspections`;
  return `${sum} in ${where}, ${(durationMs / 1000).toFixed(1)} s`;
}

function counted(count: number): string {
  return count === 1 ? '1 finding' : `${count} findings`;
}
