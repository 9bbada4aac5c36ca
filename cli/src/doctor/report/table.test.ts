import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStyle } from '../../terminal/style.ts';
import { ok, problem, skipped, warning } from '../model.ts';
import { renderDoctorJson } from './json.ts';
import { renderDoctor, wrap } from './table.ts';

const style = createStyle({ colour: false, unicode: false });
const report = {
  version: '0.1.0',
  durationMs: 1234,
  sections: [
    { title: 'One', findings: [ok('Node', 'v24'), skipped('config.yaml', 'there is none')] },
    {
      title: 'Two',
      findings: [
        warning('IBEX_X', 'IBEX_X is read by nothing', 'Remove it.'),
        problem('TCP', 'refused', 'Start it.'),
      ],
    },
  ],
};

test('columns are aligned, and advice stands below what it is about', () => {
  assert.equal(
    renderDoctor(report, { style, columns: 80 }),
    `
One
  ok       Node         v24
  -        config.yaml  there is none

Two
  warning  IBEX_X       is read by nothing
           what to do   Remove it.
  problem  TCP          refused
           what to do   Start it.

1 problem and 1 warning, found in 1.2 s.
`,
  );
});

test('what is well says so', () => {
  const [one] = report.sections;
  assert.match(
    renderDoctor({ ...report, sections: one ? [one] : [] }, { style, columns: 80 }),
    /\nAll is well\./,
  );
});

test('lines are broken at spaces, and what cannot be broken stays whole', () => {
  assert.deepEqual(wrap('one two three', 8), ['one two', 'three']);
  assert.deepEqual(wrap('a http://127.0.0.1:8082/a-long-path b', 10), [
    'a',
    'http://127.0.0.1:8082/a-long-path',
    'b',
  ]);
  assert.deepEqual(wrap('one\n\u001b[31mtwo', 80), ['one [31mtwo']);
});

test('programs get the same in JSON', () => {
  const { result, counts, findings } = JSON.parse(renderDoctorJson(report));
  assert.equal(result, 'problem');
  assert.deepEqual(counts, { ok: 1, warning: 1, problem: 1, skipped: 1 });
  assert.deepEqual(findings[3], {
    section: 'Two',
    status: 'problem',
    name: 'TCP',
    message: 'refused',
    advice: 'Start it.',
  });
});
