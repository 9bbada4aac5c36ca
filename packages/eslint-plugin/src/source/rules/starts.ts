import type { Call } from '../facts.ts';
import type { SourceModule } from '../module.ts';
import { placeOf, propertyOf } from '../node.ts';
import type { FileRule, SourceNames } from '../rule.ts';

/** Where a module starts telemetry itself. */
export function startsIn({ imports, facts }: SourceModule, { starters }: SourceNames): readonly Call[] {
  const local = imports.filter(({ name, isType }) => !isType && starters.includes(name));
  const names = new Set(local.map((imported) => imported.local));
  return names.size === 0 ? [] : facts.calls.filter(({ callee }) => names.has(callee));
}

/** A binary starts telemetry itself: for those who see one file at a time. */
export const binary: FileRule = (module, { names, report }) => {
  if (startsIn(module, names).length > 0) return;
  const message = `a runtime binary starts telemetry: it does not call ${names.starters.join(' or ')}.`;
  report('binary-starts-telemetry', 0, message);
};

/** With an environment of its own, telemetry would not see the variables of the process. */
export const environments: FileRule = (module, { names, report }) => {
  for (const call of startsIn(module, names)) {
    const own = propertyOf(call.arguments[0], 'environment');
    if (own?.type !== 'ObjectExpression') continue;
    const message =
      'telemetry reads OTEL_EXPORTER_OTLP_ENDPOINT from the process: it is given another environment.';
    report('endpoint-wired', placeOf(own).start, message);
  }
};
