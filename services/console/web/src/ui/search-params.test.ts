import { describe, expect, it } from 'vitest';
import {
  choiceParam,
  filterListParam,
  parseSearch,
  patternParam,
  stringifySearch,
  textParam,
} from './search-params.ts';

describe('the address bar', () => {
  it('keeps ids made of digits as text', () => {
    const id = '01234567890123456789012345678901';
    expect(parseSearch(`?traceId=${id}`)).toEqual({ traceId: id });
  });

  it('repeats keys for lists, and survives a round trip', () => {
    const state = { attr: ['http.route=/v1/chat completions', 'a=b&c'], service: 'ibex-proxy' };
    expect(parseSearch(stringifySearch(state))).toEqual(state);
  });

  it('leaves out what is not set', () => {
    expect(stringifySearch({ a: undefined, b: '', c: [] })).toBe('');
  });

  it('writes paths and times so that people can read them', () => {
    expect(stringifySearch({ next: '/logs', from: '2026-03-01T10:00:00Z' })).toBe(
      '?next=/logs&from=2026-03-01T10:00:00Z',
    );
  });
});

describe('parameters', () => {
  it('takes the first of several texts and cuts long ones', () => {
    expect(textParam(['a', 'b'])).toBe('a');
    expect(textParam('x'.repeat(5000))).toHaveLength(1000);
    expect(textParam({})).toBeUndefined();
  });

  it('drops what does not fit', () => {
    expect(patternParam('xyz', /^[0-9a-f]+$/)).toBeUndefined();
    expect(choiceParam('purple', ['red', 'green'])).toBeUndefined();
    expect(choiceParam('red', ['red', 'green'])).toBe('red');
  });

  it('keeps only filters of the form key=value, at most ten', () => {
    expect(filterListParam(['a=1', 'nonsense', '=x', 'b='])).toEqual(['a=1', 'b=']);
    expect(filterListParam(Array.from({ length: 30 }, (_, i) => `k${i}=v`))).toHaveLength(10);
    expect(filterListParam(undefined)).toBeUndefined();
  });
});
