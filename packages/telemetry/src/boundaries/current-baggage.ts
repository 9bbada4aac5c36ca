import { type Baggage, type Context, propagation } from '@opentelemetry/api';
import { currentScope } from '../context/scope.ts';
import { requestKey } from '../open-telemetry/request-key.ts';

/** The baggage here: what the request brought, unless code has set other baggage through the OpenTelemetry API. */
export function currentBaggage(): Baggage | undefined {
  const scope = currentScope();
  if (scope === undefined) return undefined;
  const context = scope.apiContext as Context | undefined;
  const isOfRequest = context !== undefined && context.getValue(requestKey) === scope.request;
  return isOfRequest ? propagation.getBaggage(context) : scope.request?.baggage;
}
