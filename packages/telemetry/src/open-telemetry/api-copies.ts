import { createRequire } from 'node:module';
import { type TraceAPI, type TracerProvider, trace } from '@opentelemetry/api';

const apiModule = /[\\/]@opentelemetry[\\/]api[\\/](?:dist|build[\\/]src)[\\/]index\.c?js$/;

/**
 * Registers the provider with every copy of the API that CommonJS libraries have loaded, ours last. A copy passes the
 * provider on to the tracers that were taken from it before only when it registers it itself; one global place, which
 * all copies read, then holds what was registered last.
 * @returns false when another provider is registered already; nothing has changed then.
 */
export function setTracerProvider(provider: TracerProvider): boolean {
  if (!trace.setGlobalTracerProvider(provider)) return false;
  for (const copy of loadedCopies()) {
    trace.disable();
    copy.setGlobalTracerProvider(provider);
    copy.disable();
    trace.setGlobalTracerProvider(provider);
  }
  return true;
}

function loadedCopies(): TraceAPI[] {
  const { cache } = createRequire(import.meta.url);
  return Object.keys(cache)
    .filter((path) => apiModule.test(path))
    .flatMap((path) => (cache[path]?.exports as { trace?: TraceAPI } | undefined)?.trace ?? [])
    .filter((copy) => copy !== trace);
}
