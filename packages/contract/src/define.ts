import { ContractError } from './errors.ts';
import type { ContractDefinition } from './model.ts';
import { proveNaming } from './proofs/naming.ts';
import { proveSeries } from './proofs/series.ts';
import { proveShapes } from './proofs/shapes.ts';
import { proveSlos } from './proofs/slos.ts';

/** What a contract that extends another may add; lists are appended, tables merged, single values replaced. */
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
export function defineContract<const Contract extends ContractDefinition>(contract: Contract): Contract;
export function defineContract<const Base extends ContractDefinition, const Own extends ContractExtension>(
  contract: Own & { readonly extends: Base },
): Extended<Base, Own>;
export function defineContract(
  contract: ContractExtension & { readonly extends?: ContractDefinition },
): ContractDefinition {
  const { extends: base, ...own } = contract;
  const whole = base === undefined ? (own as ContractDefinition) : extend(base, own);
  const findings = proofs.flatMap((prove) => prove(whole));
  if (findings.length > 0) throw new ContractError(findings);
  return whole;
}

function extend(base: ContractDefinition, own: ContractExtension): ContractDefinition {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(own)) {
    const inherited = merged[key];
    if (Array.isArray(inherited) && Array.isArray(value)) merged[key] = [...inherited, ...value];
    else merged[key] = { ...(inherited as object), ...(value as object) };
  }
  return merged as unknown as ContractDefinition;
}
