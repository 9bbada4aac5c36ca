import type { ContractDefinition, SloDefinition } from '@ibex/contract';
import { boundariesSection } from './boundaries-page.ts';
import { code, codes, table } from './markdown.ts';
import { budgetSection, metricsSection } from './metrics-page.ts';

const head = `# The telemetry contract

What may be measured, traced, logged and kept. This page is written by \`ibex contract docs\` from the contract's data;
\`contract.json\` beside it is the same for programs. Change the contract, then run \`npm run generate\`.
`;

/** The contract as a reference page in Markdown. */
export function renderContractDocs(contract: ContractDefinition): string {
  const sections = [
    head,
    budgetSection(contract),
    routesSection(contract),
    metricsSection(contract),
    spansSection(contract),
    logsSection(contract),
    slosSection(contract),
    retentionSection(contract),
    boundariesSection(contract),
    privacySection(contract),
  ];
  return `${sections.join('\n').trimEnd()}\n`;
}

function routesSection({ routes = {} }: ContractDefinition): string {
  const rows = Object.entries(routes).map(([service, own]) => [service, codes(own)]);
  return [
    '## Routes\n',
    'The templates that requests are counted and named by; a request that matches none is `unmatched`.\n',
    table(['service', 'routes'], rows),
  ].join('\n');
}

function spansSection({ spans, resourceAttributes }: ContractDefinition): string {
  const parts = Object.entries(spans).map(([key, { name, kind, service, required, optional }]) =>
    [
      `### ${key}\n`,
      `${code(name)}, kind ${kind}, from ${service.join(', ')}.\n`,
      `- required: ${codes(required)}`,
      `- optional: ${codes(optional)}\n`,
    ].join('\n'),
  );
  const resource = `Every span has the resource attributes ${codes(resourceAttributes)}.\n`;
  return ['## Spans\n', resource, ...parts].join('\n');
}

function logsSection({ logFields, correlationFields }: ContractDefinition): string {
  const rows = Object.entries(logFields).map(([name, { type, help }]) => [code(name), type, help]);
  return [
    '## Log fields\n',
    'A line is a JSON object with these fields and no others.\n',
    table(['field', 'type', 'meaning'], rows),
    `Fields that correlate lines across services: ${codes(correlationFields)}.\n`,
  ].join('\n');
}

function slosSection({ slos }: ContractDefinition): string {
  const rows = Object.entries(slos).map(([name, slo]) => [code(name), slo.surface, goal(slo), place(slo)]);
  return ['## Objectives\n', table(['objective', 'surface', 'goal', 'metric'], rows)].join('\n');
}

function goal({ objective, thresholdSeconds, evaluatedAtSeconds }: SloDefinition): string {
  const share = `${Number((objective * 100).toFixed(4))} % within ${thresholdSeconds} s`;
  return evaluatedAtSeconds === thresholdSeconds ? share : `${share}, evaluated at ${evaluatedAtSeconds} s`;
}

function place({ metric, selector }: SloDefinition): string {
  const labels = Object.entries(selector).map(([label, values]) => `${label} is ${values.join(' or ')}`);
  return labels.length === 0 ? code(metric) : `${code(metric)} where ${labels.join(' and ')}`;
}

function retentionSection({ retention }: ContractDefinition): string {
  const rows = Object.entries(retention).map(([name, days]) => [name.replace(/Days$/, ''), `${days} days`]);
  return ['## Retention\n', table(['what', 'kept for'], rows)].join('\n');
}

function privacySection({ sensitiveKeys, auditMetadataKeys }: ContractDefinition): string {
  return [
    '## Sensitive keys\n',
    'Values under these keys become `[REDACTED]`, at any depth, without regard to case and separators:',
    `${codes(sensitiveKeys)}.\n`,
    '## Audit metadata keys\n',
    'Metadata of an audit entry has these keys; an entry with any other is rejected:',
    `${codes(auditMetadataKeys)}.\n`,
  ].join('\n');
}
