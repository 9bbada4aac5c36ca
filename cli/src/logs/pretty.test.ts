import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStyle } from '../terminal/style.ts';
import { readLogLine } from './log-line.ts';
import { prettyLine } from './pretty.ts';

const plain = createStyle({ colour: false, unicode: true });
const coloured = createStyle({ colour: true, unicode: true });
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

/** The line without its time of day, which depends on the machine's zone. */
function pretty(fields: Readonly<Record<string, unknown>>, style = plain): string {
  const text = JSON.stringify({ level: 'INFO', service: 'proxy', msg: 'm', ...fields });
  return prettyLine(readLogLine(text, { service: 'proxy', stream: 'stdout' }), style).replace(
    /\d\d:\d\d:\d\d\.\d{3}/,
    'TIME',
  );
}

test('a line shows time, level, service, message and fields', () => {
  assert.equal(
    pretty({ msg: 'listening', address: '127.0.0.1:8080', reason: 'two words', request_id: 'hidden' }),
    'TIME INFO  proxy      listening address=127.0.0.1:8080 reason="two words"',
  );
});

test('the end of a request is compact, and its trace can be copied', () => {
  const request = { method: 'POST', route: '/v1/chat/completions', status: 200, duration_ms: 12.345 };
  assert.equal(
    pretty({ msg: 'request completed', ...request, model: 'echo', trace_id: traceId }),
    `TIME INFO  proxy      200 POST /v1/chat/completions 12.3 ms model=echo trace=${traceId}`,
  );
  assert.match(pretty({ ...request, duration_ms: 2_345 }), / 2\.35 s$/);
});

test('an error shows its name and message', () => {
  const error = { name: 'TypeError', message: 'no such thing', stack: 'many\nlines' };
  assert.equal(pretty({ level: 'ERROR', error }), 'TIME ERROR proxy      m error="TypeError: no such thing"');
});

test('what came from outside cannot steer the terminal', () => {
  const line = pretty({ msg: 'a\u001b[2Jb\nc\u009bd\u202e', reason: '\u0007' });
  assert.doesNotMatch(line, /[\p{Cc}\u202e]/u);
});

test('a long line is cut on the terminal', () => {
  assert.ok(pretty({ msg: 'x'.repeat(60_000) }).length < 2_100);
});

test('colours tell levels, services and statuses apart', () => {
  const request = { method: 'GET', route: '/', duration_ms: 1 };
  assert.ok(pretty({ ...request, status: 503 }, coloured).includes('\u001b[31m503\u001b[39m'));
  assert.ok(pretty({ ...request, status: 404 }, coloured).includes('\u001b[33m404\u001b[39m'));
  assert.ok(pretty({ level: 'WARN' }, coloured).includes('\u001b[33mWARN \u001b[39m'));
});
