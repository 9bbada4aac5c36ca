import type { ESLint, Linter, Rule } from 'eslint';
import { createRule } from './eslint/create-rule.ts';
import type { FileRule, SourceRule } from './source/rule.ts';
import { confinedImports } from './source/rules/confined-imports.ts';
import { consumers } from './source/rules/consumers.ts';
import { output } from './source/rules/output.ts';
import { servers } from './source/rules/servers.ts';
import { binary, environments } from './source/rules/starts.ts';

const implementations: Readonly<Record<SourceRule, FileRule>> = {
  'binary-starts-telemetry': binary,
  'http-server-wrapped': servers,
  'grpc-server-intercepted': servers,
  'consumer-span': consumers,
  'metrics-confined': confinedImports,
  'tracing-confined': confinedImports,
  'logging-confined': confinedImports,
  'output-sanitised': output,
  'errors-sanitised': output,
  'endpoint-wired': environments,
};
const ids = Object.keys(implementations) as readonly SourceRule[];

/** What runs in services; a test may do as it likes. */
const sources = ['**/*.{js,mjs,cjs,ts,mts,cts,jsx,tsx}'];
const tests = ['**/*.{test,spec}.*', '**/{test,tests,testing,__tests__}/**'];
const binaries = ['**/main.{js,mjs,ts,mts}'];
const namespace = '@ibex';

const rules: Record<SourceRule, Rule.RuleModule> = Object.fromEntries(
  ids.map((id) => [id, createRule(id, implementations[id])]),
) as Record<SourceRule, Rule.RuleModule>;

const meta = { name: '@ibex/eslint-plugin', version: '0.1.0', namespace };
const plugin: ESLint.Plugin = { meta, rules };

function errors(of: readonly SourceRule[]): Linter.RulesRecord {
  return Object.fromEntries(of.map((id) => [`${namespace}/${id}`, 'error']));
}

/** Every rule over services, and `binary-starts-telemetry` over files called `main`. */
const recommended: Linter.Config[] = [
  {
    name: '@ibex/recommended',
    files: sources,
    ignores: tests,
    plugins: { [namespace]: plugin },
    rules: errors(ids.filter((id) => id !== 'binary-starts-telemetry')),
  },
  {
    name: '@ibex/binaries',
    files: binaries,
    ignores: tests,
    plugins: { [namespace]: plugin },
    rules: errors(['binary-starts-telemetry']),
  },
];

export interface IbexPlugin extends ESLint.Plugin {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string };
  readonly rules: Record<SourceRule, Rule.RuleModule>;
  readonly configs: { readonly recommended: Linter.Config[] };
}

/**
 * The rules of `ibex gate source` that fit one file.
 *
 * @example
 * ```js
 * // eslint.config.js
 * import ibex from '@ibex/eslint-plugin';
 *
 * export default [...ibex.configs.recommended];
 * ```
 */
const ibex: IbexPlugin = { meta, rules, configs: { recommended } };
export default ibex;
// What `require` gives, to configurations in CommonJS.
export { ibex as 'module.exports' };
