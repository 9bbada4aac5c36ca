import { dirname, join } from 'node:path';
import { environments, type SourceModule, startsIn } from '@ibex/eslint-plugin/source-rules';
import { placeAt, type SourceContext } from '../context.ts';

const mostModules = 5_000;

/** Every binary starts telemetry: itself, or a module of the tree it imports does. */
export function binaries(
  paths: readonly string[],
  modules: ReadonlyMap<string, SourceModule>,
  context: SourceContext,
): void {
  for (const path of paths) {
    const starting = reachable(path, modules).filter((module) => startsIn(module, context.config).length > 0);
    if (starting.length === 0) {
      const names = context.config.starters.join(' or ');
      const message = `a runtime binary starts telemetry: neither it nor what it imports calls ${names}.`;
      context.report('binary-starts-telemetry', { file: path, line: 1, code: '' }, message);
    }
    for (const module of starting) {
      environments(module, {
        names: context.config,
        report: (rule, offset, message) => context.report(rule, placeAt(module, offset), message),
      });
    }
  }
}

function reachable(path: string, modules: ReadonlyMap<string, SourceModule>): SourceModule[] {
  const found = new Set<SourceModule>();
  const waiting = [path];
  while (waiting.length > 0 && found.size < mostModules) {
    const module = modules.get(waiting.pop() ?? '');
    if (module === undefined || found.has(module)) continue;
    found.add(module);
    waiting.push(
      ...module.imports.flatMap(({ from, isType }) => (isType ? [] : resolved(module, from, modules))),
    );
  }
  return [...found];
}

/** The file a relative import means; TypeScript sources may be imported as JavaScript. */
function resolved(module: SourceModule, from: string, modules: ReadonlyMap<string, SourceModule>): string[] {
  if (!from.startsWith('.')) return [];
  const base = join(dirname(module.path), from);
  const stem = base.replace(/\.[cm]?js$/, '');
  const candidates = [
    base,
    ...['.ts', '.tsx', '.mts', '.cts', '.js', '/index.ts', '/index.js'].map((end) => stem + end),
  ];
  return candidates.filter((candidate) => modules.has(candidate)).slice(0, 1);
}
