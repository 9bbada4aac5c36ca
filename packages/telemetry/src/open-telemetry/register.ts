import { context, propagation, trace } from '@opentelemetry/api';
import type { Telemetry } from '../telemetry.ts';
import { setTracerProvider } from './api-copies.ts';
import { ScopeContextManager } from './context-manager.ts';
import { createPropagator } from './propagator.ts';
import { type Backing, createTracerProvider } from './tracer-provider.ts';

const backing: Backing = { telemetry: undefined };
/** One for the process: tracers that libraries took from it outlive the telemetry they were taken under. */
const tracerProvider = createTracerProvider(backing);

/**
 * Makes this telemetry what stands behind `@opentelemetry/api` in this process, so that any library that emits spans
 * through it is recorded, with parents across both. All of tracer provider, context manager and propagator are
 * registered, or, when another library holds one of them, none, with a warning that says so.
 * @returns a function that takes them away again.
 */
export function registerOpenTelemetry(telemetry: Telemetry): () => void {
  const obstacle = findObstacle(telemetry);
  if (obstacle === undefined) {
    backing.telemetry = telemetry;
    return () => unregister(telemetry);
  }
  telemetry.logger.warn('spans of other libraries are not recorded', {
    signal: 'traces',
    setting: '@opentelemetry/api',
    reason: `${obstacle} Start with { openTelemetry: false } if that is meant to be.`,
  });
  return () => {};
}

/** Registers, and says in a sentence what is in the way when something is. */
function findObstacle(telemetry: Telemetry): string | undefined {
  if (backing.telemetry !== undefined)
    return `The telemetry of "${backing.telemetry.service}" already records them: a process has one.`;
  const steps = [
    ['tracer provider', () => setTracerProvider(tracerProvider), () => trace.disable()],
    [
      'context manager',
      () => context.setGlobalContextManager(new ScopeContextManager(telemetry.sanitiser)),
      () => context.disable(),
    ],
    [
      'propagator',
      () => propagation.setGlobalPropagator(createPropagator(telemetry)),
      () => propagation.disable(),
    ],
  ] as const;
  const failed = steps.findIndex(([, register]) => !register());
  if (failed === -1) return undefined;
  for (const [, , undo] of steps.slice(0, failed)) undo();
  return `Another library has registered its ${steps[failed]?.[0]} with the OpenTelemetry API, or carries another version of it.`;
}

function unregister(telemetry: Telemetry): void {
  if (backing.telemetry !== telemetry) return;
  backing.telemetry = undefined;
  trace.disable();
  context.disable();
  propagation.disable();
}
