import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceNames } from '../children/services.ts';
import { readGateArguments } from './gate-arguments.ts';

const context = { root: '/root', directory: '/srv', environment: {} };

async function live(...args: readonly string[]) {
  const read = await readGateArguments(args, context);
  assert.equal(read.kind, 'live');
  return read.kind === 'live' ? read : assert.fail();
}

test('several gates over all services', async () => {
  const { request, report } = await live('metrics', 'logs', 'metrics', '--start', 'all', '--junit', 'a.xml');
  assert.deepEqual(request.subjects, ['metrics', 'logs']);
  assert.deepEqual(request.target, { kind: 'start', services: serviceNames });
  assert.deepEqual(report, { json: false, junitFile: 'a.xml' });
});

test('a running service with its collector', async () => {
  const { request } = await live(
    ...['traces', '--url', 'http://127.0.0.1:8080/', '--collector', 'http://127.0.0.1:8082', '--token', 't'],
  );
  assert.deepEqual(request.target, {
    kind: 'attach',
    url: 'http://127.0.0.1:8080',
    metricsUrl: 'http://127.0.0.1:8080',
    service: undefined,
    metricsPath: '/metrics',
    credentialsFile: undefined,
    collector: { url: 'http://127.0.0.1:8082', token: 't' },
  });
});

test('a running service that has its metrics at a port of their own', async () => {
  const { request } = await live(
    ...['metrics', '--url', 'http://127.0.0.1:8080', '--metrics-url', 'http://127.0.0.1:9101/'],
  );
  assert.equal(request.target.kind === 'attach' && request.target.metricsUrl, 'http://127.0.0.1:9101');
});

test('a script of another repository', async () => {
  const { request } = await live(
    ...['logs', '--start', './main.js', '--url', 'http://127.0.0.1:3000', '--service', 'proxy'],
  );
  assert.equal(request.target.kind, 'script');
  assert.equal(request.target.kind === 'script' && request.target.script, '/srv/main.js');
});

test('a source tree', async () => {
  assert.deepEqual(await readGateArguments(['source', 'x', '--config', 'c.json', '--json'], context), {
    kind: 'source',
    directory: 'x',
    configFile: 'c.json',
    report: { json: true, junitFile: undefined },
  });
});

const misuses: readonly (readonly [readonly string[], RegExp])[] = [
  [[], /what to hold against the contract is missing/],
  [['metrcs', '--start', 'all'], /there is no gate "metrcs": there are metrics, traces, logs and source/],
  [['metrics'], /--url or --start is missing/],
  [
    ['metrics', '--start', 'prox'],
    /--start takes collector, auth, proxy, console, all, or a script: it is "prox"/,
  ],
  [['metrics', '--start', 'proxy', '--url', 'http://a'], /--url does not go with --start proxy/],
  [['metrics', '--start', './main.js'], /--start with a script needs --url and --service/],
  [
    ['metrics', '--start', 'proxy', '--metrics-url', 'http://a'],
    /--metrics-url does not go with --start proxy/,
  ],
  [
    ['metrics', '--url', 'http://a', '--metrics-url', 'b'],
    /--metrics-url must be an http\(s\) URL: it is "b"/,
  ],
  [['metrics', '--url', 'localhost'], /--url must be an http\(s\) URL: it is "localhost"/],
  [
    ['logs', '--url', 'http://a'],
    /logs of a running service are asked of its collector: --collector is missing/,
  ],
  [['logs', '--url', 'http://a', '--collector', 'http://b'], /--collector needs --token/],
  [['metrics', '--fast'], /Unknown option '--fast'/],
  [['source', 'a', 'b'], /takes one directory/],
  [['source', '--url', 'http://a'], /`ibex gate source` takes no --url/],
];
for (const [args, message] of misuses) {
  test(`refuses ibex gate ${args.join(' ')}`, async () => {
    await assert.rejects(readGateArguments(args, context), { name: 'UsageError', message });
  });
}
