import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SettingsError } from '@ibex/service';
import { readRouting, routedModels } from './routes-config.ts';

const providers = ['echo', 'acme', 'backup'];
const read = (config: Record<string, unknown>) => readRouting(config, providers);

function fault(config: Record<string, unknown>): string {
  try {
    read(config);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.message;
  }
  throw new assert.AssertionError({ message: 'was accepted' });
}

test('reads routes, and lets a route refine what is common', () => {
  const routing = read({
    routing: { retries: { max: 2, backoff_ms: 50 }, circuit: { failures: 3 } },
    routes: [
      {
        model: 'smart',
        targets: [{ provider: 'acme', model: 'acme-large', weight: 3 }, { provider: 'backup' }],
        fallbacks: [{ provider: 'echo', model: 'echo' }],
        retries: { max: 1, on: ['overloaded'] },
        timeouts: { first_byte_ms: 1000, attempt_ms: 5000, total_ms: 20_000 },
        hedge: { after_ms: 800 },
      },
      { model: 'acme-*', targets: [{ provider: 'acme' }] },
    ],
  });
  const [smart, prefix] = routing.routes;
  assert.deepEqual(smart?.targets, [
    { provider: 'acme', model: 'acme-large', weight: 3 },
    { provider: 'backup', model: undefined, weight: 1 },
  ]);
  assert.equal(smart?.policy.retries.maximumRetries, 1);
  assert.equal(smart?.policy.retries.backoffMs, 50);
  assert.deepEqual([...(smart?.policy.retries.on ?? [])], ['overloaded']);
  assert.deepEqual(smart?.policy.timeouts, { firstByteMs: 1000, idleMs: undefined, totalMs: 5000 });
  assert.equal(smart?.policy.totalMs, 20_000);
  assert.equal(smart?.policy.hedgeAfterMs, 800);
  assert.deepEqual(smart?.policy.circuit, { failures: 3, openMs: 30_000 });
  assert.equal(prefix?.policy.retries.maximumRetries, 2);
  assert.deepEqual(routedModels(routing), ['acme-large', 'smart', 'echo']);
});

test('without the sections there is one attempt and no route', () => {
  const routing = read({});
  assert.deepEqual(routing.routes, []);
  assert.equal(routing.policy.retries.maximumRetries, 0);
  assert.equal(routing.policy.circuit, undefined);
});

test('names the field at fault as it was written', () => {
  const route = { model: 'm', targets: [{ provider: 'acme' }] };
  assert.match(
    fault({ routes: [{ ...route, targets: [{ provider: 'nobody' }] }] }),
    /^routes\[0\]\.targets\[0\]\.provider in config\.yaml must name a provider: "nobody" is none\. The providers are: echo, acme, backup\.$/,
  );
  assert.match(fault({ routes: [route, route] }), /^routes\[1\]\.model .* routes\[0\] is for "m" already/);
  assert.match(fault({ routes: [{ ...route, targets: [] }] }), /^routes\[0\]\.targets in config\.yaml/);
  assert.match(
    fault({ routes: [{ ...route, targets: [{ provider: 'acme', weight: 0 }] }] }),
    /^routes\[0\]\.targets .* weight above 0/,
  );
  assert.match(fault({ routes: [{ ...route, retries: { max: 9 } }] }), /^routes\[0\]\.retries\.max /);
  assert.match(fault({ routing: { retries: { on: ['rejected'] } } }), /^routing\.retries\.on\[0\] /);
  assert.match(fault({ routes: [{ ...route, model: 'a*b' }] }), /^routes\[0\]\.model .* followed by \*/);
});
