import type { Rule } from 'eslint';
import { createModule, type SourceModule } from '../source/module.ts';
import { isNode } from '../source/node.ts';
import { type FileRule, type SourceRule, sourceRules } from '../source/rule.ts';
import { readNames } from './names.ts';

/** A file is read once for all rules; its tree keeps what was read. */
const modules = new WeakMap<object, SourceModule>();

/** A rule of the source gate as one of ESLint's: what `holds` reports under `id`. */
export function createRule(id: SourceRule, holds: FileRule): Rule.RuleModule {
  return {
    meta: {
      type: 'problem',
      docs: { description: sourceRules[id] },
      schema: [],
    },
    create: (context) => {
      const names = readNames(context.settings);
      return {
        Program: () => {
          const { sourceCode } = context;
          const report = (rule: SourceRule, offset: number, message: string) => {
            if (rule !== id) return;
            context.report({ loc: sourceCode.getLocFromIndex(offset), message });
          };
          holds(moduleOf(sourceCode, context.filename), { names, report });
        },
      };
    },
  };
}

function moduleOf(sourceCode: Rule.RuleContext['sourceCode'], path: string): SourceModule {
  const { ast, text } = sourceCode;
  const known = modules.get(ast);
  if (known !== undefined) return known;
  const program: unknown = ast;
  if (!isNode(program)) throw new TypeError(`${path} has no syntax tree that can be read.`);
  const module = createModule(program, { path, text });
  modules.set(ast, module);
  return module;
}
