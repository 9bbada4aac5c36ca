import type { Attributes } from '../model.ts';
import type { DecodeContext } from './decode-context.ts';

/** An instrumentation scope. */
export interface Scope {
  name: string;
  /** Version and attributes under the names `otel.scope.*`. */
  attributes: Attributes;
}

export const NO_SCOPE: Scope = { name: '', attributes: {} };

/** Who produced a group of records: the resource and the instrumentation scope. */
export interface Origin {
  resource: Attributes;
  serviceName: string;
  scopeName: string;
  /** Carried on each record, as OpenTelemetry's mapping to other formats says. */
  scopeAttributes: Attributes;
}

/** Where a decoded record goes, and whose it is. */
export interface Destination {
  origin: Origin;
  context: DecodeContext;
}

export function newScope({
  name,
  version,
  attributes,
}: {
  name: string;
  version: string;
  attributes: Attributes;
}): Scope {
  const scope: Scope = { name, attributes: {} };
  if (version !== '') scope.attributes['otel.scope.version'] = version;
  for (const [key, value] of Object.entries(attributes)) scope.attributes[`otel.scope.${key}`] = value;
  return scope;
}
