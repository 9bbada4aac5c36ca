import { EventEmitter } from 'node:events';
import { runInExactly, type Scope } from '../context/scope.ts';

type Listener = (...args: unknown[]) => void;
type Add = (event: string | symbol, listener: Listener) => EventEmitter;

const bound = new WeakSet<EventEmitter>();

export function isEmitter(target: unknown): target is EventEmitter {
  return target instanceof EventEmitter;
}

/**
 * Has listeners that are added from now on run in the scope. Node finds a listener to remove also by the `listener`
 * property of what stands in its place, so removal needs no change.
 */
export function bindEmitter(emitter: EventEmitter, scope: Scope): EventEmitter {
  if (bound.has(emitter)) return emitter;
  bound.add(emitter);
  for (const name of ['on', 'addListener', 'prependListener'] as const) {
    const add = emitter[name] as Add;
    emitter[name] = ((event, listener) =>
      add.call(emitter, event, inScope(emitter, listener, scope))) as Add as typeof emitter.on;
  }
  replaceOnce(emitter, 'once', scope);
  replaceOnce(emitter, 'prependOnceListener', scope);
  return emitter;
}

/** `once` of Node adds its own wrapper through `on`, which would then be wrapped a second time. */
function replaceOnce(emitter: EventEmitter, name: 'once' | 'prependOnceListener', scope: Scope): void {
  const add = (name === 'once' ? EventEmitter.prototype.on : EventEmitter.prototype.prependListener) as Add;
  emitter[name] = ((event: string | symbol, listener: Listener) => {
    const run = inScope(emitter, listener, scope);
    const once = Object.assign(
      (...args: unknown[]) => {
        emitter.removeListener(event, once);
        run(...args);
      },
      { listener },
    );
    return add.call(emitter, event, once);
  }) as typeof emitter.once;
}

function inScope(emitter: EventEmitter, listener: Listener, scope: Scope): Listener {
  const run = (...args: unknown[]) => runInExactly(scope, () => listener.apply(emitter, args));
  return Object.assign(run, { listener });
}
