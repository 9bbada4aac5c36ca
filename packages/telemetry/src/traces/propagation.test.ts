import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatTraceparent, parseTraceContext } from './propagation.ts';

const traceId = '12345678901234567890123456789012';
const spanId = '1234567890123456';
const valid = `00-${traceId}-${spanId}-01`;

describe('traceparent', () => {
  test('of version 00 gives ids and flags', () => {
    const context = { traceId, spanId, traceState: '', randomTraceId: false };
    assert.deepEqual(parseTraceContext(valid), { ...context, sampled: true });
    assert.deepEqual(parseTraceContext(`00-${traceId}-${spanId}-00`), { ...context, sampled: false });
  });

  test('has its flags read as bits', () => {
    for (const [flags, sampled, randomTraceId] of [
      ['02', false, true],
      ['03', true, true],
      ['04', false, false],
      ['ff', true, true],
      ['fe', false, true],
      ['fd', true, false],
    ] as const) {
      const context = parseTraceContext(`00-${traceId}-${spanId}-${flags}`);
      assert.deepEqual([context?.sampled, context?.randomTraceId], [sampled, randomTraceId], flags);
    }
  });

  // The cases of the suite of the W3C's working group, which harnesses use to test services.
  const continued: Readonly<Record<string, string>> = {
    'version 00': valid,
    'a future version': `cc-${traceId}-${spanId}-01`,
    'a future version with more behind it': `cc-${traceId}-${spanId}-01-what-the-future-will-be-like`,
    'a future version with a dash behind it': `01-${traceId}-${spanId}-01-`,
    'a space before it': ` ${valid}`,
    'a tab before it': `\t${valid}`,
    'a space behind it': `${valid} `,
    'a tab behind it': `${valid}\t`,
    'white space around it': `\t ${valid} \t`,
  };
  for (const [title, value] of Object.entries(continued)) {
    test(`with ${title} is continued`, () => {
      const context = parseTraceContext(value);
      assert.deepEqual([context?.traceId, context?.spanId, context?.sampled], [traceId, spanId, true]);
    });
  }

  const invalid: Readonly<Record<string, unknown>> = {
    'a dot behind version 00': `${valid}.`,
    'version 00 with more behind it': `${valid}-what-the-future-will-be-like`,
    'a future version with more that is not set off': `cc-${traceId}-${spanId}-01.what-the-future-will-be-like`,
    'version ff': `ff-${traceId}-${spanId}-01`,
    'a dot first in the version': `.0-${traceId}-${spanId}-01`,
    'a dot last in the version': `0.-${traceId}-${spanId}-01`,
    'a version of three digits': `000-${traceId}-${spanId}-01`,
    'a version of four digits': `0000-${traceId}-${spanId}-01`,
    'a version of one digit': `0-${traceId}-${spanId}-01`,
    'an all-zero trace id': `00-${'0'.repeat(32)}-${spanId}-01`,
    'a dot first in the trace id': `00-.2345678901234567890123456789012-${spanId}-01`,
    'a dot last in the trace id': `00-1234567890123456789012345678901.-${spanId}-01`,
    'a long trace id': `00-${traceId}3-${spanId}-01`,
    'a short trace id': `00-${traceId.slice(1)}-${spanId}-01`,
    'an all-zero span id': `00-${traceId}-${'0'.repeat(16)}-01`,
    'a dot first in the span id': `00-${traceId}-.234567890123456-01`,
    'a dot last in the span id': `00-${traceId}-123456789012345.-01`,
    'a long span id': `00-${traceId}-${spanId}7-01`,
    'a short span id': `00-${traceId}-${spanId.slice(1)}-01`,
    'a dot first in the flags': `00-${traceId}-${spanId}-.0`,
    'a dot last in the flags': `00-${traceId}-${spanId}-0.`,
    'flags of three digits': `00-${traceId}-${spanId}-001`,
    'flags of one digit': `00-${traceId}-${spanId}-1`,
    'no flags': `00-${traceId}-${spanId}`,
    'upper case': `00-${'A'.repeat(32)}-${spanId}-01`,
    'letters beyond f': `00-${'g'.repeat(32)}-${spanId}-01`,
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

  test('is written so that it can be read, the random flag with it', () => {
    for (const [sampled, randomTraceId, flags] of [
      [false, false, '00'],
      [true, false, '01'],
      [false, true, '02'],
      [true, true, '03'],
    ] as const) {
      const context = { traceId, spanId, traceState: '', sampled, randomTraceId };
      assert.equal(formatTraceparent(context), `00-${traceId}-${spanId}-${flags}`);
      assert.deepEqual(parseTraceContext(formatTraceparent(context)), context);
    }
  });

  test('of a future version does not say what its second flag means', () => {
    assert.equal(parseTraceContext(`01-${traceId}-${spanId}-03`)?.randomTraceId, false);
  });
});

describe('tracestate', () => {
  const stateOf = (tracestate: unknown) => parseTraceContext(valid, tracestate)?.traceState;
  const many = (count: number) => Array.from({ length: count }, (_, index) => `bar${index}=${index}`);
  const keys = 'abcdefghijklmnopqrstuvwxyz0123456789_-*/';
  const printable = String.fromCharCode(...Array.from({ length: 0x5f }, (_, index) => 0x20 + index));
  const values = printable.replace(',', '').replace('=', '');

  // The cases of the suite of the W3C's working group first.
  const kept: Readonly<Record<string, readonly [unknown, string]>> = {
    'a member': ['foo=1', 'foo=1'],
    'two members': ['foo=1,bar=2', 'foo=1,bar=2'],
    'an empty header': ['', ''],
    'an empty header behind another': [['foo=1', ''], 'foo=1'],
    'an empty header before another': [['', 'foo=1'], 'foo=1'],
    'several headers': [['foo=1,bar=2', 'rojo=1,congo=2', 'baz=3'], 'foo=1,bar=2,rojo=1,congo=2,baz=3'],
    'every character a key may have': [`${keys}=1`, `${keys}=1`],
    'every character a key with a tenant may have': [`${keys}@a-z0-9_-*/=1`, `${keys}@a-z0-9_-*/=1`],
    'every character a value may have': [`foo=${values}`, `foo=${values}`],
    'spaces and tabs between members': ['foo=1 \t , \t bar=2, \t baz=3', 'foo=1,bar=2,baz=3'],
    'white space around it': ['\t foo=1 \t', 'foo=1'],
    'empty members': ['foo=1,, ,\t,bar=2', 'foo=1,bar=2'],
    'an at sign at the end of a key': ['foo@=1,bar=2', 'foo@=1,bar=2'],
    'two at signs in a key': ['foo@@bar=1,foo@bar@baz=2', 'foo@@bar=1,foo@bar@baz=2'],
    'a key that begins with a digit': ['0a=1', '0a=1'],
    'a value that begins with a space': ['a= leading', 'a= leading'],
    'the same member twice': ['foo=1,foo=1', 'foo=1'],
    'the same key twice': [['foo=1', 'foo=2'], 'foo=1'],
    '32 members': [many(32), many(32).join(',')],
    'a key of 256 characters': [['foo=1', `${'z'.repeat(256)}=1`], `foo=1,${'z'.repeat(256)}=1`],
    'a tenant of 241 characters and a system of 14': [
      `${'t'.repeat(241)}@${'v'.repeat(14)}=1`,
      `${'t'.repeat(241)}@${'v'.repeat(14)}=1`,
    ],
    'a tenant of 242 characters': [`${'t'.repeat(242)}@v=1`, `${'t'.repeat(242)}@v=1`],
    'a system of 15 characters': [`t@${'v'.repeat(15)}=1`, `t@${'v'.repeat(15)}=1`],
    'a value of 256 characters': [`a=${'v'.repeat(256)}`, `a=${'v'.repeat(256)}`],
    nothing: [undefined, ''],
  };
  for (const [title, [given, expected]] of Object.entries(kept)) {
    test(`with ${title} is kept`, () => assert.equal(stateOf(given), expected));
  }

  const dropped: Readonly<Record<string, unknown>> = {
    'a space in a key': 'foo =1',
    'upper case in a key': 'FOO=1',
    'a dot in a key': 'foo.bar=1',
    'an at sign at the start of a key': '@foo=1,bar=2',
    'a key of 257 characters': ['foo=1', `${'z'.repeat(257)}=1`],
    '33 members': many(33),
    'an equals sign in a value': 'foo=bar=baz',
    'an empty value': 'foo=,bar=3',
    'a value of 257 characters': `a=${'v'.repeat(257)}`,
    'no equals sign': 'a=1,b',
    'no key': '=1',
    'letters beyond ASCII': 'a=ü',
    'a control character': 'a=1\u0000',
    'a space beyond ASCII around it': '\u00a0a=1',
    'a huge text': 'x'.repeat(100_000),
  };
  for (const [title, given] of Object.entries(dropped)) {
    test(`with ${title} is dropped whole, and the traceparent is not`, () => {
      const context = parseTraceContext(valid, given);
      assert.deepEqual([context?.traceId, context?.traceState], [traceId, '']);
    });
  }

  test('of more than 512 characters loses whole members: long ones first, then the last ones', () => {
    const long = `long=${'x'.repeat(200)}`;
    const short = Array.from(
      { length: 20 },
      (_, index) => `m${String(index).padStart(2, '0')}=${'y'.repeat(20)}`,
    );
    const whole = short.slice(0, 20).join(',');
    assert.equal(whole.length, 499);
    assert.equal(stateOf([long, whole]), whole);
    assert.equal(stateOf([whole, 'last=1', 'later=2']), `${whole},last=1`);
    assert.equal(stateOf([whole, long, 'last=1']), `${whole},last=1`);
  });
});
