import { ContractError, type ContractFinding } from './errors.ts';
import type { ContractDefinition } from './model.ts';
import { proveNaming } from './proofs/naming.ts';
import { proveSeries } from './proofs/series.ts';
import { proveShapes } from './proofs/shapes.ts';
import { proveSlos } from './proofs/slos.ts';

/**
 * What a contract that extends another may add: lists are appended to, tables get further entries, `budget` and
 * `retention` are replaced. An inherited entry cannot be redefined: services already speak by it.
 */
export type ContractExtension = Partial<ContractDefinition>;

/** The contract that results from extending `Base` by `Own`. */
export type Extended<Base extends ContractDefinition, Own extends ContractExtension> = {
  readonly [Key in keyof ContractDefinition]: Key extends keyof Own
    ? Own[Key] extends readonly (infer OwnItem)[]
      ? Base[Key] extends readonly (infer BaseItem)[]
        ? readonly (BaseItem | OwnItem)[]
        : never
      : Key extends 'budget' | 'retention'
        ? Own[Key]
        : Base[Key] & Own[Key]
    : Base[Key];
};

const proofs = [proveNaming, proveShapes, proveSeries, proveSlos];

const sections: Readonly<Record<keyof ContractDefinition, 'list' | 'table' | 'value'>> = {
  services: 'list',
  namespaces: 'list',
  budget: 'value',
  metrics: 'table',
  spans: 'table',
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
): ContractDefinition {
  const { extends: base, ...own } = contract;
  const whole = base === undefined ? (own as ContractDefinition) : extend(base, own);
  const findings = [
    ...proveSections(own),
    ...(base === undefined ? [] : proveAdditions(base, own)),
    ...proofs.flatMap((prove) => prove(whole)),
  ];
  if (findings.length > 0) throw new ContractError(findings);
  return whole;
}

/** Lists are joined, each item once; everything else is merged by key. */
function extend(base: ContractDefinition, own: ContractExtension): ContractDefinition {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(own)) {
    const inherited = merged[key];
    if (Array.isArray(inherited) && Array.isArray(value))
      merged[key] = [...new Set([...inherited, ...value])];
    else merged[key] = { ...(inherited as object), ...(value as object) };
  }
  return merged as unknown as ContractDefinition;
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
    if (sections[section as keyof ContractDefinition] !== 'table') return [];
    const inherited = base[section as keyof ContractDefinition];
    return Object.keys(entries)
      .filter((name) => Object.hasOwn(inherited, name))
      .map((name) => ({
        entry: `${section}.${name}`,
        rule: 'an extension adds entries and redefines none that it inherits',
        value: `"${name}"`,
      }));
  });
}
