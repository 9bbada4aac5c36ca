import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLogLine } from './log-line.ts';

const stdout = { service: 'proxy', stream: 'stdout' } as const;
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

test('a JSON line gives its time, level, service, message, trace and fields', () => {
  const text = JSON.stringify({
    time: '2026-01-02T03:04:05.678Z',
    level: 'WARN',
    msg: 'slow',
    service: 'auth',
    trace_id: traceId,
    span_id: '00f067aa0ba902b7',
    request_id: 'r',
    duration_ms: 12.5,
  });
  assert.deepEqual(readLogLine(text, stdout), {
    timeUnixMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    level: 'WARN',
    service: 'auth',
    message: 'slow',
    traceId,
    spanId: '00f067aa0ba902b7',
    fields: { request_id: 'r', duration_ms: 12.5 },
  });
});

test('what is wrong in a JSON line is left out; the line stays', () => {
  const text = '{"msg":"m","time":"yesterday","level":"LOUD","service":7,"trace_id":"xyz","span_id":1}';
  const line = readLogLine(text, stdout);
  assert.ok(Math.abs(line.timeUnixMs - Date.now()) < 60_000);
  assert.deepEqual(
    [line.level, line.service, line.traceId, line.spanId, line.fields],
    ['INFO', 'proxy', '', '', {}],
  );
});

for (const text of ['plain text', '{"broken":', '[1]', '{"no":"message"}', 'null']) {
  test(`${text} is kept as text, at WARN when it came by stderr`, () => {
    const line = readLogLine(text, stdout);
    assert.deepEqual([line.level, line.service, line.message], ['INFO', 'proxy', text]);
    assert.equal(readLogLine(text, { service: 'auth', stream: 'stderr' }).level, 'WARN');
  });
}

test('text that did not come from our logger loses its secrets', () => {
  const line = readLogLine('Error: got Bearer abcdefghijklmnop', { service: 'proxy', stream: 'stderr' });
  assert.equal(line.message, 'Error: got Bearer [REDACTED]');
});
