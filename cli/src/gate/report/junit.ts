import type { Finding, GateReport, Inspection } from '../model.ts';
import { rules } from '../rules.ts';

/** The report as JUnit XML: a suite for each inspection, a test case for each rule, so that what holds shows as well. */
export function renderJunit({ inspections, durationMs }: GateReport): string {
  const suites = inspections.map(renderSuite).join('');
  const failures = inspections.reduce((sum, inspection) => sum + brokenRules(inspection).size, 0);
  const tests = inspections.reduce((sum, { subject }) => sum + Object.keys(rules[subject]).length, 0);
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<testsuites name="ibex gate" tests="${tests}" failures="${failures}" time="${seconds(durationMs)}">\n${suites}</testsuites>\n`
  );
}

function brokenRules({ findings }: Inspection): Map<string, Finding[]> {
  return Map.groupBy(findings, ({ rule }) => rule);
}

function renderSuite(inspection: Inspection): string {
  const { subject, where } = inspection;
  const broken = brokenRules(inspection);
  const cases = Object.entries(rules[subject]).map(([rule, text]) => {
    const findings = broken.get(rule) ?? [];
    const head = `    <testcase classname="${escaped(`${subject}.${where}`)}" name="${escaped(`${rule}: ${text}`)}"`;
    if (findings.length === 0) return `${head}/>\n`;
    return `${head}>\n${findings.map(renderFailure).join('')}    </testcase>\n`;
  });
  const counts = `tests="${cases.length}" failures="${broken.size}"`;
  return `  <testsuite name="${escaped(`${subject} ${where}`)}" ${counts}>\n${cases.join('')}  </testsuite>\n`;
}

function renderFailure({ name, label, value, message, contract }: Finding): string {
  const place = [name, label, value].filter((part) => part !== undefined).join(' ');
  const body = contract === undefined ? place : `${place}\ncontract: ${contract}`;
  return `      <failure message="${escaped(message)}">${escaped(body)}</failure>\n`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** XML 1.0 has no control characters but tab, line feed and carriage return, not even escaped. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
