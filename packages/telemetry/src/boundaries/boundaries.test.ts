import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defineContract, ibexContract } from '@ibex/contract';
import { readTelemetrySettings } from '../config/settings.ts';
import { Boundaries } from './boundaries.ts';

function boundariesOf(
  service: string,
  environment: Readonly<Record<string, string>> = {},
  observability?: Parameters<typeof readTelemetrySettings>[0]['observability'],
): Boundaries {
  const settings = readTelemetrySettings({ service, environment, observability }).boundaries;
  return new Boundaries(ibexContract, { service, settings });
}

const ruleOf = (service: string, environment: Readonly<Record<string, string>> = {}, name?: string) =>
  boundariesOf(service, environment).inbound({ protocol: 'http', name }).traceparent;

describe('a listener', () => {
  test('has the boundary of the contract', () => {
    assert.deepEqual(boundariesOf('proxy').inbound({ protocol: 'http' }), {
      traceparent: 'restart',
      tracestate: false,
      baggage: false,
      requestId: true,
      tenant: false,
    });
    const auth = boundariesOf('auth');
    assert.equal(auth.inbound({ protocol: 'grpc' }).tenant, true);
    assert.equal(auth.inbound({ protocol: 'http' }).tenant, false);
    assert.equal(ruleOf('collector'), 'accept');
    assert.equal(ruleOf('collector', {}, 'collector_otlp_http'), 'drop');
  });

  test('that is not declared believes nobody', () => {
    const { requestId: _, ...rest } = boundariesOf('worker').inbound({ protocol: 'http' });
    assert.deepEqual(rest, { traceparent: 'restart', tracestate: false, baggage: false, tenant: false });
    assert.throws(() => ruleOf('proxy', {}, 'front'), /"front" is no listener of the contract\. Declare it/);
  });

  test('for anybody follows the setting, one of our own only when it is named', () => {
    for (const rule of ['accept', 'restart', 'drop']) {
      const environment = { IBEX_TRUST_INBOUND: rule };
      assert.deepEqual(
        ['proxy', 'console', 'worker', 'auth'].map((service) => ruleOf(service, environment)),
        [rule, rule, rule, 'accept'],
      );
    }
    const named = { IBEX_TRUST_INBOUND: 'accept, auth_http=drop, console=restart' };
    assert.deepEqual(
      ['proxy', 'console', 'auth'].map((service) => ruleOf(service, named)),
      ['accept', 'restart', 'drop'],
    );
  });

  test('takes tracestate and baggage with the trace, and never an organisation by a setting', () => {
    const accepting = boundariesOf('proxy', { IBEX_TRUST_INBOUND: 'accept' }).inbound({ protocol: 'http' });
    assert.deepEqual([accepting.tracestate, accepting.baggage, accepting.tenant], [true, true, false]);
    const dropping = boundariesOf('auth', { IBEX_TRUST_INBOUND: 'auth_grpc=drop' }).inbound({
      protocol: 'grpc',
    });
    assert.deepEqual([dropping.tracestate, dropping.baggage, dropping.tenant], [false, false, false]);
  });

  test('is decided by the variable, then the file, then the default of whoever starts it', () => {
    const file = { boundaries: { inbound: 'drop' } };
    const inbound = (environment: Readonly<Record<string, string>>, block?: typeof file) =>
      boundariesOf('proxy', environment, block).inbound({ protocol: 'http' }).traceparent;
    const fallback = { IBEX_DEFAULT_TRUST_INBOUND: 'accept' };
    assert.equal(inbound({ ...fallback, IBEX_TRUST_INBOUND: 'restart' }, file), 'restart');
    assert.equal(inbound(fallback, file), 'drop');
    assert.equal(inbound(fallback), 'accept');
  });
});

describe('a host', () => {
  const tells = (environment: Readonly<Record<string, string>>, hostName: string, name?: string) =>
    boundariesOf('proxy', environment).outbound(name)(hostName).traceparent;

  test('is told what the contract says of it, and nothing when nobody has declared it', () => {
    assert.equal(tells({}, 'anywhere', 'auth'), true);
    assert.equal(tells({}, 'anywhere', 'provider'), false);
    assert.equal(tells({}, 'anywhere'), false);
    assert.deepEqual(boundariesOf('proxy').outbound()('anywhere').withheld, [
      'traceparent',
      'tracestate',
      'baggage',
    ]);
    assert.throws(() => tells({}, 'x', 'neighbour'), /"neighbour" is no host of the contract\. Declare it/);
  });

  test('that the operator trusts is told, whatever it is', () => {
    const environment = { IBEX_TRUSTED_HOSTS: 'billing.internal, *.svc.cluster.local,[::1]' };
    for (const hostName of ['billing.internal', 'BILLING.internal', 'a.b.svc.cluster.local', '[::1]']) {
      assert.equal(tells(environment, hostName), true, hostName);
      assert.equal(tells(environment, hostName, 'provider'), true, hostName);
    }
    for (const hostName of [
      'internal',
      'xbilling.internal',
      'svc.cluster.local',
      'evil-svc.cluster.local.com',
    ]) {
      assert.equal(tells(environment, hostName), false, hostName);
    }
    assert.equal(tells({ IBEX_TRUSTED_HOSTS: '*' }, 'anywhere'), true);
    assert.equal(boundariesOf('proxy', environment).outbound()('billing.internal').tenant, false);
  });

  test('may be declared by its names', () => {
    const { auth } = ibexContract.boundaries.hosts;
    const hosts = { billing: { ...auth, help: 'Invoices.', names: ['*.billing.internal'] } };
    const contract = defineContract({ extends: ibexContract, boundaries: { hosts } });
    const { boundaries: settings } = readTelemetrySettings({
      service: 'proxy',
      environment: {},
      observability: undefined,
    });
    const towards = new Boundaries(contract, { service: 'proxy', settings }).outbound();
    assert.deepEqual(
      [towards('a.billing.internal').tenant, towards('billing.internal').tenant],
      [true, false],
    );
  });

  test('is looked up once, and a million of them fill no memory', () => {
    const towards = boundariesOf('proxy').outbound();
    assert.equal(towards('same'), towards('same'));
    for (let index = 0; index < 10_000; index++) towards(`host-${index}`);
    assert.equal(towards('host-0'), towards('host-0'));
    assert.notEqual(towards('host-9999'), towards('host-9999'));
  });
});

test('a setting that cannot be used is named as it is written', () => {
  const wrong: readonly [Readonly<Record<string, string>>, RegExp][] = [
    [{ IBEX_TRUST_INBOUND: 'yes' }, /^IBEX_TRUST_INBOUND must be accept, restart or drop.*it is "yes"/],
    [{ IBEX_TRUST_INBOUND: '=drop' }, /^IBEX_TRUST_INBOUND must be/],
    [
      { IBEX_TRUST_INBOUND: 'front=drop' },
      /^IBEX_TRUST_INBOUND must be listeners of the contract \(proxy, .*"front"/,
    ],
    [{ IBEX_TRUSTED_HOSTS: 'http://a' }, /^IBEX_TRUSTED_HOSTS must be at most 256 lower-case host names/],
    [
      { IBEX_TRUSTED_HOSTS: Array.from({ length: 257 }, (_, index) => `h${index}`).join() },
      /^IBEX_TRUSTED_HOSTS/,
    ],
    [{ IBEX_BAGGAGE_KEYS: 'a b' }, /^IBEX_BAGGAGE_KEYS must be/],
  ];
  for (const [environment, message] of wrong) {
    assert.throws(() => boundariesOf('proxy', environment), { message });
  }
  assert.throws(() => boundariesOf('proxy', {}, { boundaries: { trusted_hosts: ['a:80'] } }), {
    message: /^observability\.boundaries\.trusted_hosts must be/,
  });
});
