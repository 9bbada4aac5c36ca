import type { EventEmitter } from 'node:events';
import {
  type Context,
  type ContextManagementToken,
  type ContextManager,
  propagation,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api';
import { currentScope, enterScope, type RequestRecord, runInExactly, type Scope } from '../context/scope.ts';
import type { Sanitiser } from '../privacy/sanitiser.ts';
import { apiSpanOf, spanOf } from './api-span.ts';
import { bindEmitter, isEmitter } from './bind-emitter.ts';
import { requestKey } from './request-key.ts';

/**
 * The API's contexts over our one async context: what `context.with` enters is what `currentSpan()` and
 * `currentRequest()` read, and the other way round.
 */
export class ScopeContextManager implements ContextManager {
  readonly #sanitiser: Sanitiser;
  readonly #contexts = new WeakMap<Scope, Context>();
  readonly #scopes = new WeakMap<Context, Scope>();

  constructor(sanitiser: Sanitiser) {
    this.#sanitiser = sanitiser;
  }

  active(): Context {
    const scope = currentScope();
    if (scope === undefined) return ROOT_CONTEXT;
    const known = this.#contexts.get(scope);
    if (known !== undefined) return known;
    const context = this.#contextOf(scope);
    this.#contexts.set(scope, context);
    return context;
  }

  with<Arguments extends unknown[], Run extends (...args: Arguments) => ReturnType<Run>>(
    context: Context,
    run: Run,
    thisArgument?: ThisParameterType<Run>,
    ...args: Arguments
  ): ReturnType<Run> {
    return runInExactly(this.#scopeOf(context), () =>
      run.call(thisArgument as ThisParameterType<Run>, ...args),
    );
  }

  bind<Target>(context: Context, target: Target): Target {
    const scope = this.#scopeOf(context);
    if (isEmitter(target)) return bindEmitter(target as EventEmitter, scope) as Target;
    return typeof target === 'function' ? (bindFunction(target, scope) as Target) : target;
  }

  attach(context: Context): ContextManagementToken {
    const outer = currentScope();
    enterScope(this.#scopeOf(context));
    return { dispose: () => enterScope(outer) };
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }

  /** The scope's own span and request win over those of the context it was derived from. */
  #contextOf({ apiContext, span, request }: Scope): Context {
    const base = (apiContext as Context | undefined) ?? ROOT_CONTEXT;
    const withRequest = base.getValue(requestKey) === request ? base : enterRequest(base, request);
    if (this.#scopes.get(base)?.span === span) return withRequest;
    return span === undefined
      ? trace.deleteSpan(withRequest)
      : trace.setSpan(withRequest, apiSpanOf(span, this.#sanitiser));
  }

  #scopeOf(context: Context): Scope {
    const known = this.#scopes.get(context);
    if (known !== undefined) return known;
    const request = context.getValue(requestKey) as RequestRecord | undefined;
    const scope = { request, span: spanOf(trace.getSpan(context)), apiContext: context };
    this.#scopes.set(context, scope);
    this.#contexts.set(scope, context);
    return scope;
  }
}

/** Another request has baggage of its own, or none. */
function enterRequest(context: Context, request: RequestRecord | undefined): Context {
  const entered = context.setValue(requestKey, request);
  if (request?.baggage !== undefined) return propagation.setBaggage(entered, request.baggage);
  return propagation.getBaggage(entered) === undefined ? entered : propagation.deleteBaggage(entered);
}

function bindFunction(target: (...args: unknown[]) => unknown, scope: Scope): unknown;
function bindFunction(target: object, scope: Scope): unknown;
function bindFunction(target: object, scope: Scope): unknown {
  const run = target as (...args: unknown[]) => unknown;
  function bound(this: unknown, ...args: unknown[]): unknown {
    return runInExactly(scope, () => run.apply(this, args));
  }
  return Object.defineProperty(bound, 'length', { configurable: true, value: run.length });
}
