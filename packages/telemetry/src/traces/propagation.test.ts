import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatTraceparent, parseTraceContext } from './propagation.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const valid = `00-${traceId}-${spanId}-01`;

describe('traceparent', () => {
  test('of version 00 gives ids and the sampled flag', () => {
    assert.deepEqual(parseTraceContext(valid), { traceId, spanId, sampled: true, traceState: '' });
    assert.equal(parseTraceContext(`00-${traceId}-${spanId}-00`)?.sampled, false);
  });

  test('has its flags read as bits', () => {
    for (const [flags, sampled] of [
      ['02', false],
      ['03', true],
      ['ff', true],
      ['fe', false],
    ] as const) {
      assert.equal(parseTraceContext(`00-${traceId}-${spanId}-${flags}`)?.sampled, sampled, flags);
    }
  });

  test('of a future version is read by the rules of version 00, with or without more behind it', () => {
    for (const text of [`01-${traceId}-${spanId}-01`, `cc-${traceId}-${spanId}-01-what-the-future-holds`]) {
      assert.deepEqual(parseTraceContext(text), { traceId, spanId, sampled: true, traceState: '' });
    }
  });

  const invalid: Readonly<Record<string, unknown>> = {
    'version ff': `ff-${traceId}-${spanId}-01`,
    'version 00 with more behind it': `${valid}-extra`,
    'a future version with more that is not set off': `01-${traceId}-${spanId}-01extra`,
    'an all-zero trace id': `00-${'0'.repeat(32)}-${spanId}-01`,
    'an all-zero span id': `00-${traceId}-${'0'.repeat(16)}-01`,
    'upper case': valid.toUpperCase(),
    'upper case in the trace id': `00-${traceId.toUpperCase()}-${spanId}-01`,
    'a short trace id': `00-${traceId.slice(1)}-${spanId}-01`,
    'a long span id': `00-${traceId}-${spanId}0-01`,
    'flags of one digit': `00-${traceId}-${spanId}-1`,
    'no flags': `00-${traceId}-${spanId}`,
    'letters beyond f': `00-${traceId.replace('a', 'g')}-${spanId}-01`,
    'white space around it': ` ${valid} `,
    'a line feed at its end': `${valid}\n`,
    'two values joined': `${valid}, ${valid}`,
    'two values of a future version joined': `01-${traceId}-${spanId}-01-x, 01-${traceId}-${spanId}-01`,
    'other separators': valid.replaceAll('-', '_'),
    'an empty text': '',
    'a huge text': `01-${traceId}-${spanId}-01-${'x'.repeat(100_000)}`,
    'a list': [valid],
    nothing: undefined,
  };
  for (const [title, value] of Object.entries(invalid)) {
    test(`with ${title} is invalid, and tracestate with it`, () => {
      assert.equal(parseTraceContext(value, 'vendor=1'), undefined);
    });
  }

  test('is written so that it can be read', () => {
    const context = { traceId, spanId, traceState: '' };
    assert.equal(formatTraceparent({ ...context, sampled: true }), valid);
    assert.equal(formatTraceparent({ ...context, sampled: false }), `00-${traceId}-${spanId}-00`);
  });
});

describe('tracestate', () => {
  const stateOf = (tracestate: unknown) => parseTraceContext(valid, tracestate)?.traceState;

  test('is kept when it is well formed', () => {
    const kept = [
      'a=1',
      'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE',
      'fw529a3039@dt=FfK',
      'a= leading',
      '0a=x',
    ];
    for (const text of kept) assert.equal(stateOf(text), text);
    const many = Array.from({ length: 32 }, (_, index) => `k${index}=v`).join(',');
    assert.equal(stateOf(many), many);
  });

  test('has its members trimmed, empty ones left out, and several headers joined', () => {
    assert.equal(stateOf('a=1 ,\tb=2, ,c=3'), 'a=1,b=2,c=3');
    assert.equal(stateOf(['a=1', 'b=2']), 'a=1,b=2');
    assert.equal(stateOf(undefined), '');
    assert.equal(stateOf(''), '');
  });

  test('is dropped whole when it is malformed', () => {
    const malformed = [
      ...['a', 'a=', '=1', 'A=1', 'a=1,b', 'a b=1', 'a=1,a=2', 'a=ü', 'a=1\u0000', '@a=1'],
      ...[`${'k'.repeat(257)}=1`, `a=${'v'.repeat(257)}`, 'x'.repeat(100_000)],
      Array.from({ length: 33 }, (_, index) => `k${index}=v`).join(','),
    ];
    for (const text of malformed) {
      assert.equal(stateOf(text), '', text.slice(0, 40));
    }
    // A value may hold a semicolon, but no further equals sign.
    assert.equal(stateOf('a=1;b=2='), '');
    assert.equal(stateOf('a=1;b'), 'a=1;b');
  });

  test('that is malformed does not cost the traceparent', () => {
    assert.equal(parseTraceContext(valid, '=')?.traceId, traceId);
  });
});
