import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, test } from 'node:test';
import { context, createContextKey, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { currentRequest, runInScope } from '../context/scope.ts';
import { registeredForEach } from './testing/registered.ts';

const request = { requestId: 'request-1', correlationId: 'request-1', method: 'GET', route: '/v1/models' };
const registered = registeredForEach();

describe('contexts of the API', () => {
  const key = createContextKey('mine');

  test('keep values inside our scopes, and our request inside theirs', () => {
    runInScope({ request }, () => {
      context.with(context.active().setValue(key, 'kept'), () => {
        assert.equal(currentRequest(), request);
        const span = registered.started.telemetry.tracer.startSpan('ours');
        runInScope({ span }, () => {
          assert.equal(context.active().getValue(key), 'kept');
          assert.equal(trace.getActiveSpan()?.spanContext().spanId, span.spanId);
        });
        context.with(ROOT_CONTEXT, () => {
          assert.equal(context.active().getValue(key), undefined);
          assert.equal(currentRequest(), undefined);
        });
      });
      assert.equal(context.active().getValue(key), undefined);
    });
  });

  test('pass this, arguments and what is returned or thrown', () => {
    const sum = function (this: { base: number }, one: number, two: number) {
      return this.base + one + two;
    };
    assert.equal(context.with(ROOT_CONTEXT, sum, { base: 1 }, 2, 3), 6);
    assert.throws(() => context.with(ROOT_CONTEXT, () => assert.fail('thrown on')), /thrown on/);
  });

  test('are bound to functions and to the listeners of emitters', () => {
    const bound = ROOT_CONTEXT.setValue(key, 'bound');
    const read = () => context.active().getValue(key);
    assert.equal(context.bind(bound, read)(), 'bound');
    assert.equal(context.bind(bound, 'neither'), 'neither');

    const emitter = context.bind(bound, new EventEmitter());
    const seen: unknown[] = [];
    const listener = () => seen.push(read());
    emitter.on('a', listener).once('a', listener).prependListener('b', listener);
    emitter.emit('a');
    emitter.emit('a');
    assert.deepEqual(seen, ['bound', 'bound', 'bound']);
    emitter.off('a', listener).off('b', listener).once('c', listener).off('c', listener);
    assert.deepEqual(emitter.eventNames(), []);
  });

  test('can be attached and taken off again', () => {
    runInScope({ request }, () => {
      const token = context.attach(context.active().setValue(key, 'attached'));
      assert.equal(context.active().getValue(key), 'attached');
      assert.equal(currentRequest(), request);
      token.dispose();
      assert.equal(context.active().getValue(key), undefined);
    });
  });
});
