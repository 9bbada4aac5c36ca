import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, test } from 'node:test';
import { Terminal } from '../terminal/terminal.ts';
import { LogPipeline } from './log-pipeline.ts';
import { LogShipper } from './log-shipper.ts';

const stdout = { service: 'console', stream: 'stdout' } as const;
let shipper: LogShipper;
let pipeline: LogPipeline;
let shown = '';

beforeEach(() => {
  shown = '';
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  // Nobody listens there: what is shipped stays waiting and can be counted.
  shipper = new LogShipper({
    url: 'http://127.0.0.1:9',
    deploymentEnvironment: 'test',
    onLoss: () => undefined,
  });
  pipeline = new LogPipeline({ shipper, terminal: new Terminal(stream, {}) });
});

afterEach(() => shipper.close());

function requestLine(status: number, service: string): string {
  return JSON.stringify({
    msg: 'request completed',
    service,
    method: 'GET',
    route: '/x',
    status,
    duration_ms: 1,
  });
}

test('lines are shipped from the first one on, and shown when the start is over', () => {
  pipeline.take('early', stdout);
  pipeline.show();
  pipeline.take('late', stdout);
  assert.equal(shipper.waiting, 2);
  assert.match(shown, /^\S+ INFO {2}console {4}late\n$/);
});

test('requests of an open console are shipped but not shown, unless they fail', () => {
  pipeline.show();
  pipeline.take(requestLine(200, 'console'), stdout);
  pipeline.take(requestLine(200, 'collector'), stdout);
  pipeline.take(requestLine(499, 'console'), stdout);
  assert.equal(shown, '');
  pipeline.take(requestLine(200, 'proxy'), stdout);
  pipeline.take(requestLine(503, 'console'), stdout);
  pipeline.take(requestLine(499, 'proxy'), stdout);
  assert.equal(shown.trim().split('\n').length, 3);
  assert.equal(shipper.waiting, 6);
});

test('only the last lines of a service are remembered', () => {
  for (let n = 1; n <= 30; n += 1) pipeline.take(`line ${n}`, stdout);
  const lines = pipeline.lastLines('console');
  assert.equal(lines.length, 12);
  assert.match(lines.at(-1) ?? '', /line 30$/);
  assert.deepEqual(pipeline.lastLines('auth'), []);
});

test('while the collector stops, lines are shown only', () => {
  pipeline.show();
  pipeline.stopShipping();
  pipeline.take('last', stdout);
  assert.equal(shipper.waiting, 0);
  assert.match(shown, /last\n$/);
});
