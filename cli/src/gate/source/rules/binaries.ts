import { dirname, join } from 'node:path';
import { placeAt, type SourceContext } from '../context.ts';
import type { SourceModule } from '../read-module.ts';

const mostModules = 5_000;

/** Every binary starts telemetry: itself, or a module of the tree it imports does. */
export function binaries(
  paths: readonly string[],
  modules: ReadonlyMap<string, SourceModule>,
  context: SourceContext,
): void {
  for (const path of paths) {
    const starts = reachable(path, modules).flatMap((module) => startsIn(module, context));
    if (starts.length === 0) {
      const names = context.config.starters.join(' or ');
      const message = `a runtime binary starts telemetry: neither it nor what it imports calls ${names}.`;
      context.report('binary-starts-telemetry', { file: path, line: 1, code: '' }, message);
    }
    for (const start of starts) checkEnvironment(start, context);
  }
}

interface Start {
  readonly module: SourceModule;
  readonly call: SourceModule['facts']['calls'][number];
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

function startsIn(module: SourceModule, { config }: SourceContext): Start[] {
  const local = module.imports.filter(({ name, isType }) => !isType && config.starters.includes(name));
  const names = new Set(local.map((imported) => imported.local));
  if (names.size === 0) return [];
  return module.facts.calls.filter(({ callee }) => names.has(callee)).map((call) => ({ module, call }));
}

/** With an environment of its own, telemetry would not see the variables of the process. */
function checkEnvironment({ module, call }: Start, { report }: SourceContext): void {
  const [options] = call.arguments;
  if (options?.type !== 'ObjectExpression') return;
  const own = options.properties.find(
    (property) =>
      property.type === 'Property' &&
      property.key.type === 'Identifier' &&
      property.key.name === 'environment' &&
      property.value.type === 'ObjectExpression',
  );
  if (own === undefined) return;
  const message =
    'telemetry reads OTEL_EXPORTER_OTLP_ENDPOINT from the process: it is given another environment.';
  report('endpoint-wired', placeAt(module, own.start), message);
}
