import { describe, expect, it } from 'vitest';
import { testSpan } from '../../testing/spans.ts';
import { findInTrace } from './find-in-trace.ts';

const spans = [
  testSpan('a', null, {
    name: 'POST /v1/chat/completions',
    attributes: { 'http.route': '/v1/chat/completions' },
  }),
  testSpan('b', 'a', { serviceName: 'auth', attributes: { attempt: 2 } }),
  testSpan('c', 'a', {
    statusMessage: 'Upstream hung up',
    events: [{ timeUnixNano: '1', name: 'exception', attributes: {} }],
  }),
];

describe('searching inside a trace', () => {
  it.each([
    ['CHAT', [0]],
    ['auth', [1]],
    ['attempt=2', [1]],
    ['hung up', [2]],
    ['exception', [2]],
    ['http.route=/v1', [0]],
    ['nothing', []],
    ['  ', []],
  ])('finds %j', (text, positions) => {
    expect(findInTrace(spans, text)).toEqual(positions);
  });
});
