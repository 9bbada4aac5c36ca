import type { MetricDefinition } from '@ibex/contract';
import type { MetricContext } from './context.ts';
import type { Exposition, Family } from './exposition.ts';

/** Every metric of the contract is there with its type and help, and nothing else is. */
export function checkFamilies(exposition: Exposition, context: MetricContext): void {
  const { contract, findings, locate } = context;
  for (const { line, text, message } of exposition.problems) {
    findings.add('format', `line ${line}`, { value: text, message: `${message} (${exposition.format})` });
  }
  for (const [name, definition] of Object.entries(contract.metrics)) {
    const family = exposition.families.get(name);
    if (family !== undefined) {
      checkDeclaration(name, { family, definition }, context);
      if (exposition.format === 'openmetrics') checkUnit(name, { family, definition }, context);
    } else {
      const message = `${definition.type} of the contract, absent. Help and type are exposed always.`;
      findings.add('family-present', name, { message, contract: locate(name) });
    }
  }
  for (const [name, family] of exposition.families) {
    if (Object.hasOwn(contract.metrics, name)) continue;
    const message = `line ${family.line}: the contract has no such metric. Declare it, or take it out.`;
    findings.add('family-declared', name, { message, contract: locate('metrics') });
  }
}

function checkDeclaration(
  name: string,
  { family, definition }: { family: Family; definition: MetricDefinition },
  { findings, locate }: MetricContext,
): void {
  if (family.type !== definition.type) {
    const message = `its type must be ${definition.type}: it is ${family.type ?? 'absent'}.`;
    findings.add('type-matches', name, {
      value: family.type ?? 'absent',
      message,
      contract: locate(name, 'type'),
    });
  }
  if (family.help !== definition.help) {
    const message = `its help must be "${definition.help}".`;
    findings.add('help-matches', name, {
      value: family.help ?? 'absent',
      message,
      contract: locate(name, 'help'),
    });
  }
}

/** OpenMetrics allows a unit only where the family's name ends in it. */
function checkUnit(
  name: string,
  { family, definition }: { family: Family; definition: MetricDefinition },
  { findings, locate }: MetricContext,
): void {
  const expected = family.name.endsWith(`_${definition.unit}`) ? definition.unit : undefined;
  if (family.unit === expected) return;
  const message = expected === undefined ? 'it must have no unit.' : `its unit must be ${expected}.`;
  const contract = locate(name, 'unit');
  findings.add('unit-matches', name, { value: family.unit ?? 'absent', message, contract });
}
