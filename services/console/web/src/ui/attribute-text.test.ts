import { describe, expect, it } from 'vitest';
import { attributeKind, attributeText, sortedAttributes } from './attribute-text.ts';

describe('attributes', () => {
  it('are text as sent, or JSON', () => {
    expect(attributeText('<b>hi</b>')).toBe('<b>hi</b>');
    expect(attributeText(1.5)).toBe('1.5');
    expect(attributeText(0.28579392899997763)).toBe('0.285793929');
    expect(attributeText(0.000617490000004283)).toBe('0.00061749');
    expect(attributeText(9_007_199_254_740_991)).toBe('9007199254740991');
    expect(attributeText(null)).toBe('null');
    expect(attributeText(undefined)).toBe('undefined');
    expect(attributeText(['a', 1])).toBe('["a",1]');
    expect(attributeText({ text: 'x'.repeat(80) })).toContain('{\n  "text"');
  });

  it('have a kind', () => {
    expect(['x', 1, true, [1], null].map(attributeKind)).toEqual([
      'text',
      'number',
      'boolean',
      'structure',
      'text',
    ]);
  });

  it('are sorted by key', () => {
    expect(sortedAttributes({ b: 1, a: 2, 'a.b': 3 }).map(([key]) => key)).toEqual(['a', 'a.b', 'b']);
  });
});
