import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHider } from './hide.ts';

const hide = createHider(
  {
    MY_TOKEN: 'abc-known-token',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=head%20er-value,y=other-value',
    DATABASE_URL: 'postgres://me:pass%40word@db:5432/ibex',
    IBEX_LOG_LEVEL: 'DEBUG',
  },
  ['from-a-file-123', undefined],
);

const secrets = [
  'abc-known-token',
  'head er-value',
  'head%20er-value',
  'other-value',
  'pass@word',
  'from-a-file-123',
];
for (const secret of secrets) {
  test(`${secret} is never shown`, () => {
    assert.equal(hide(`before ${secret} after`), 'before [REDACTED] after');
  });
}

test('what is no secret stays', () => {
  const text = 'no collector at 127.0.0.1:4317: IBEX_LOG_LEVEL is DEBUG';
  assert.equal(hide(text), text);
});

test('what looks like a secret goes as well', () => {
  assert.equal(hide('redis://u:p4ssw0rd@host'), 'redis://[REDACTED]@host');
});
