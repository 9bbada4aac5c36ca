export type { Imported } from './imports.ts';
export { createModule, type SourceModule } from './module.ts';
export type { Node } from './node.ts';
export {
  defaultNames,
  type FileRule,
  type RuleContext,
  type SourceNames,
  type SourceReport,
  type SourceRule,
  sourceRules,
} from './rule.ts';
export { confinedImports } from './rules/confined-imports.ts';
export { consumers } from './rules/consumers.ts';
export { output } from './rules/output.ts';
export { servers } from './rules/servers.ts';
export { binary, environments, startsIn } from './rules/starts.ts';
