import { ContractError, type ContractFinding } from './errors.ts';
import { type ContractExtension, type Extended, extendContract } from './extend.ts';
import type { ContractDefinition } from './model.ts';
import { proveBoundaries } from './proofs/boundaries.ts';
import { proveFamilies } from './proofs/families.ts';
import { proveNaming } from './proofs/naming.ts';
import { proveRoutes } from './proofs/routes.ts';
import { proveSeries } from './proofs/series.ts';
import { proveShapes } from './proofs/shapes.ts';
import { proveSlos } from './proofs/slos.ts';

const proofs = [
  proveNaming,
  proveFamilies,
  proveShapes,
  proveSeries,
  proveSlos,
  proveRoutes,
  proveBoundaries,
];

const sections: Readonly<Record<keyof ContractDefinition, 'list' | 'table' | 'tables' | 'value'>> = {
  services: 'list',
  namespaces: 'list',
  budget: 'value',
  metrics: 'table',
  spans: 'table',
  routes: 'table',
  boundaries: 'tables',
  resourceAttributes: 'list',
  correlationFields: 'list',
  logFields: 'table',
  sensitiveKeys: 'list',
  auditMetadataKeys: 'list',
  slos: 'table',
  retention: 'value',
};

/**
 * Declares a contract and proves that it holds: names and units, closed sets, worst-case series within budget,
 * and that every objective can be evaluated.
 *
 * @example
 * ```ts
 * const contract = defineContract({
 *   extends: ibexContract,
 *   services: ['billing'],
 *   routes: { billing: ['/invoices/:id'] },
 *   namespaces: ['acme_billing'],
 *   metrics: {
 *     acme_billing_invoices_total: {
 *       type: 'counter', unit: 'invoices', help: 'Invoices written.', services: ['billing'],
 *       labels: { result: ['ok', 'error'] },
 *     },
 *   },
 * });
 * ```
 * @throws {ContractError} naming every entry that does not hold, the rule, and the value.
 */
export function defineContract<const Base extends ContractDefinition, const Own extends ContractExtension>(
  contract: Own & { readonly extends: Base },
): Extended<Base, Own>;
export function defineContract<const Contract extends ContractDefinition>(contract: Contract): Contract;
export function defineContract(
  contract: ContractExtension & { readonly extends?: ContractDefinition },
): object {
  const { extends: base, ...own } = contract;
  const whole = base === undefined ? (own as ContractDefinition) : extendContract(base, own);
  const findings = [
    ...proveSections(own),
    ...(base === undefined ? [] : proveAdditions(base, own)),
    ...proofs.flatMap((prove) => prove(whole)),
  ];
  if (findings.length > 0) throw new ContractError(findings);
  return whole;
}

/** A misspelt section would be carried along and mean nothing. */
function proveSections(own: ContractExtension): ContractFinding[] {
  return Object.keys(own)
    .filter((key) => !Object.hasOwn(sections, key))
    .map((key) => ({
      entry: key,
      rule: `a contract has the sections ${Object.keys(sections).join(', ')}`,
      value: `"${key}"`,
    }));
}

function proveAdditions(base: ContractDefinition, own: ContractExtension): ContractFinding[] {
  return Object.entries(own).flatMap(([section, entries]) => {
    const inherited = base[section as keyof ContractDefinition] ?? {};
    switch (sections[section as keyof ContractDefinition]) {
      case 'table':
        return redefinitions(section, inherited, entries);
      case 'tables':
        return Object.entries(entries)
          .filter(([, table]) => !Array.isArray(table))
          .flatMap(([name, table]) =>
            redefinitions(
              `${section}.${name}`,
              (inherited as Readonly<Record<string, object>>)[name] ?? {},
              table,
            ),
          );
      default:
        return [];
    }
  });
}

function redefinitions(section: string, inherited: object, entries: object): ContractFinding[] {
  return Object.keys(entries)
    .filter((name) => Object.hasOwn(inherited, name))
    .map((name) => ({
      entry: `${section}.${name}`,
      rule: 'an extension adds entries and redefines none that it inherits',
      value: `"${name}"`,
    }));
}
