import type { Style } from '../../terminal/style.ts';
import { countByStatus, type DoctorReport, type Finding, type FindingStatus } from '../model.ts';

const words: Readonly<Record<FindingStatus, string>> = {
  ok: 'ok',
  warning: 'warning',
  problem: 'problem',
  skipped: '-',
};
const statusWidth = 'warning'.length;
const widestName = 34;
const narrowest = 40;

/** The findings as a table people read: what is wrong stands out, and says what to do. */
export function renderDoctor(
  report: DoctorReport,
  { style, columns }: { style: Style; columns: number },
): string {
  const names = report.sections.flatMap(({ findings }) => findings.map(({ name }) => name.length));
  const nameWidth = Math.min(Math.max(...names), widestName);
  const layout = { style, nameWidth, textWidth: Math.max(columns - statusWidth - nameWidth - 7, narrowest) };
  const sections = report.sections.map(({ title, findings }) =>
    [style.bold(title), ...findings.flatMap((finding) => renderFinding(finding, layout))].join('\n'),
  );
  return `\n${sections.join('\n\n')}\n\n${renderSummary(report, style)}\n`;
}

interface Layout {
  readonly style: Style;
  readonly nameWidth: number;
  readonly textWidth: number;
}

function renderFinding({ status, name, message, advice }: Finding, layout: Layout): string[] {
  const { style, nameWidth, textWidth } = layout;
  const indent = ' '.repeat(statusWidth + nameWidth + 6);
  const head = `  ${colourOf(status, style)(words[status].padEnd(statusWidth))}  ${name.padEnd(nameWidth)}  `;
  const [first = '', ...rest] = wrap(withoutName(message, name), textWidth);
  const shown = status === 'skipped' ? style.dim : (text: string) => text;
  const lines = [`${head}${shown(first)}`, ...rest.map((line) => `${indent}${shown(line)}`)];
  if (advice === undefined) return lines;
  const label = `  ${' '.repeat(statusWidth)}  ${style.dim('what to do'.padEnd(nameWidth))}  `;
  const [start = '', ...more] = wrap(advice, textWidth);
  return [...lines, `${label}${start}`, ...more.map((line) => `${indent}${line}`)];
}

/** Messages of settings begin with their name, which stands beside them already. */
function withoutName(message: string, name: string): string {
  return message.startsWith(`${name} `) ? message.slice(name.length + 1) : message;
}

function colourOf(status: FindingStatus, style: Style): (text: string) => string {
  if (status === 'ok') return style.green;
  if (status === 'warning') return style.yellow;
  return status === 'problem' ? style.red : style.dim;
}

/** Lines no longer than the width, broken at spaces; a word that is longer stands alone, whole, to be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function renderSummary(report: DoctorReport, style: Style): string {
  const { warning, problem } = countByStatus(report);
  const seconds = `${(report.durationMs / 1000).toFixed(1)} s`;
  const parts = [count(problem, 'problem'), count(warning, 'warning')].filter((part) => part !== '');
  if (parts.length === 0) return style.green(`All is well. Looked at everything in ${seconds}.`);
  const text = `${parts.join(' and ')}, found in ${seconds}.`;
  return problem > 0
    ? style.red(text)
    : style.yellow(`${text} Everything works; warnings are worth a look when something does not.`);
}

function count(number: number, word: string): string {
  return number === 0 ? '' : `${number} ${word}${number === 1 ? '' : 's'}`;
}
