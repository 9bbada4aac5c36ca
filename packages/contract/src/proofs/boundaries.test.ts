import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BoundaryDefinitions, HostDefinition, ListenerDefinition } from '../model.ts';
import { findingsOf, only, valid } from '../testing/sample-contract.ts';

const listener: ListenerDefinition = {
  help: 'The API.',
  service: 'api',
  protocol: 'http',
  exposure: 'internal',
  traceparent: 'accept',
  tracestate: 'accept',
  baggage: 'accept',
  requestId: 'accept',
  tenant: 'accept',
};
const host: HostDefinition = {
  help: 'The worker.',
  names: ['worker.internal'],
  traceparent: 'send',
  tracestate: 'send',
  baggage: 'send',
  requestId: 'send',
  tenant: 'send',
};
const boundaries: BoundaryDefinitions = {
  listeners: { api: listener },
  hosts: { worker: host },
  baggageKeys: ['acme.region'],
};

function withListener(own: Partial<ListenerDefinition>) {
  return findingsOf({ ...valid, boundaries: { ...boundaries, listeners: { api: { ...listener, ...own } } } });
}

function withHosts(hosts: BoundaryDefinitions['hosts']) {
  return findingsOf({ ...valid, boundaries: { ...boundaries, hosts } });
}

const alone = { tracestate: 'drop', baggage: 'drop' } as const;

describe('a listener', () => {
  test('that trusts its own services is accepted', () => {
    assert.deepEqual(findingsOf({ ...valid, boundaries }), []);
  });

  test('for anybody restarts or drops the trace, and takes no organisation', () => {
    const publicly = { exposure: 'public', tenant: 'drop', ...alone } as const;
    for (const traceparent of ['restart', 'drop'] as const) {
      assert.deepEqual(withListener({ ...publicly, traceparent }), []);
    }
    const trusting = only(withListener({ ...publicly, traceparent: 'accept' }));
    assert.equal(trusting.entry, 'boundaries.listeners.api.traceparent');
    const believing = only(withListener({ ...publicly, traceparent: 'restart', tenant: 'accept' }));
    assert.equal(believing.entry, 'boundaries.listeners.api.tenant');
  });

  test('that does not continue the trace takes neither tracestate nor baggage', () => {
    const findings = withListener({ traceparent: 'restart' });
    assert.deepEqual(
      findings.map(({ entry }) => entry),
      ['boundaries.listeners.api.tracestate', 'boundaries.listeners.api.baggage'],
    );
  });

  test('has words that mean something, and a service that exists', () => {
    const wrong = { requestId: 'maybe', service: 'shop', protocol: 'smtp', exposure: 'hidden' } as unknown;
    const entries = withListener(wrong as Partial<ListenerDefinition>).map(({ entry }) => entry);
    for (const field of ['requestId', 'service', 'protocol', 'exposure']) {
      assert.ok(entries.includes(`boundaries.listeners.api.${field}`), field);
    }
  });
});

describe('a host', () => {
  test('has names as they stand in URLs', () => {
    for (const name of ['localhost', '10.0.0.7', '[::1]', '*.svc.cluster.local', 'a-b.example.com']) {
      assert.deepEqual(withHosts({ worker: { ...host, names: [name] } }), [], name);
    }
    for (const name of [
      '*',
      'a.*',
      'http://worker',
      'worker:80',
      'Worker',
      '',
      'a..b',
      '-a',
      `${'a.'.repeat(130)}b`,
    ]) {
      assert.match(only(withHosts({ worker: { ...host, names: [name] } })).rule, /lower-case name/, name);
    }
  });

  test('that nobody declared is told nothing', () => {
    const { names: _, ...told } = host;
    const findings = withHosts({ unknown: told });
    assert.equal(findings.length, 5);
    assert.match(findings[0]?.rule ?? '', /told nothing/);
  });

  test('is named once', () => {
    assert.match(only(withHosts({ worker: host, mailer: host })).rule, /means worker/);
  });
});

test('baggage keys are short, and neither secret nor an identity', () => {
  for (const key of [
    'org_id',
    'tenant',
    'user.id',
    'sessionId',
    'password',
    'Api-Key',
    'a b',
    'x'.repeat(65),
  ]) {
    const finding = only(
      findingsOf({
        ...valid,
        boundaries: { ...boundaries, baggageKeys: [key] },
        sensitiveKeys: ['password', 'api_key'],
      }),
    );
    assert.deepEqual([finding.entry, finding.value], ['boundaries.baggageKeys', `"${key}"`]);
  }
  const many = Array.from({ length: 65 }, (_, index) => `key${index}`);
  assert.match(
    only(findingsOf({ ...valid, boundaries: { ...boundaries, baggageKeys: many } })).rule,
    /at most 64/,
  );
});
