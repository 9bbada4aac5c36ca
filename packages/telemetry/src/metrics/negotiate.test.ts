import assert from 'node:assert/strict';
import { test } from 'node:test';
import { negotiateFormat } from './negotiate.ts';

const cases: readonly (readonly [accept: string | undefined, expected: 'text' | 'openmetrics'])[] = [
  [undefined, 'text'],
  ['', 'text'],
  ['*/*', 'text'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text'],
  ['text/plain', 'text'],
  ['text/plain;version=0.0.4', 'text'],
  ['application/openmetrics-text', 'openmetrics'],
  ['application/openmetrics-text; version=1.0.0', 'openmetrics'],
  ['Application/OpenMetrics-Text ; Version="1.0.0" ; charset=utf-8', 'openmetrics'],
  ['application/*', 'openmetrics'],
  ['text/*', 'text'],
  // Prometheus 2 and 3.
  [
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'openmetrics',
  ],
  [
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
    'openmetrics',
  ],
  // An old Prometheus, which knows a draft of OpenMetrics only.
  ['application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1', 'text'],
  ['text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.5', 'text'],
  ['text/plain;q=0.4,application/openmetrics-text;q=0.5', 'openmetrics'],
  ['text/plain;q=0.5,application/openmetrics-text;q=0.5', 'text'],
  ['application/openmetrics-text;q=0.5,*/*;q=0.5', 'openmetrics'],
  ['application/openmetrics-text;q=0.001,text/plain;q=0', 'openmetrics'],
  ['application/openmetrics-text;q=0,*/*', 'text'],
  ['text/plain;q=0,*/*;q=0.1', 'openmetrics'],
  // The closest range decides: without a version the general one, with it the other.
  [
    'application/openmetrics-text;q=0.1,application/openmetrics-text;version=1.0.0,text/plain;q=0.5',
    'openmetrics',
  ],
  ['application/openmetrics-text,application/openmetrics-text;version=1.0.0;q=0.1,text/plain;q=0.5', 'text'],
  ['application/openmetrics-text;q=2', 'text'],
  ['application/openmetrics-text;q=high', 'text'],
  ['application/openmetrics-text;version=9', 'text'],
  ['application/json', 'text'],
  [',;,;;q=,=', 'text'],
  [`${'x/y,'.repeat(10_000)}application/openmetrics-text`, 'text'],
];

for (const [accept, expected] of cases) {
  test(`${accept?.slice(0, 120) ?? 'no Accept'} is answered as ${expected}`, () => {
    assert.equal(negotiateFormat(accept), expected);
  });
}
