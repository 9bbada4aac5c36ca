import { namesIn } from '../facts.ts';
import type { SourceModule } from '../module.ts';
import type { Node } from '../node.ts';
import type { SourceNames } from '../rule.ts';

/** What a module imports from the modules that wrap servers and consumers. */
export function wrapperNames({ imports }: SourceModule, names: SourceNames): ReadonlySet<string> {
  const wrapping = imports.filter(({ from, isType }) => !isType && names.wrappers.includes(from));
  return new Set(wrapping.map(({ local }) => local));
}

/** The same, and the variables that hold what such a wrapper made. */
export function wrappedNames(module: SourceModule, names: SourceNames): ReadonlySet<string> {
  const wrappers = wrapperNames(module, names);
  if (wrappers.size === 0) return wrappers;
  const made = module.facts.calls.filter(
    ({ callee, result }) => wrappers.has(callee) && result !== undefined,
  );
  return new Set([...wrappers, ...made.map(({ result }) => result ?? '')]);
}

/** True when one of the names occurs in parts of the program. */
export function mentions(nodes: readonly Node[], names: ReadonlySet<string>): boolean {
  return names.size > 0 && [...namesIn(nodes)].some((name) => names.has(name));
}

/** The callees that stand for the given exports: a local name, or `namespace.name`. */
export function calleesOf(
  { imports }: SourceModule,
  exportsOf: (from: string) => readonly string[],
): ReadonlySet<string> {
  const callees = imports
    .filter(({ isType }) => !isType)
    .flatMap(({ local, name, from }) => {
      const wanted = exportsOf(from);
      const direct = wanted.includes(name) ? [local] : [];
      const throughNamespace = name === '*' || name === 'default';
      return throughNamespace ? [...direct, ...wanted.map((member) => `${local}.${member}`)] : direct;
    });
  return new Set(callees);
}
