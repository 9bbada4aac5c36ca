import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStyle } from '../../terminal/style.ts';
import type { GateReport } from '../model.ts';
import { rules } from '../rules.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderTable } from './table.ts';

const report: GateReport = {
  durationMs: 1234,
  inspections: [
    {
      subject: 'metrics',
      where: 'proxy',
      checked: '55 metrics, 214 samples',
      notes: ['promtool was run'],
      findings: [
        {
          subject: 'metrics',
          where: 'proxy',
          rule: 'label-value',
          name: 'http_requests_total',
          label: 'path',
          value: '<a&"b">\u0007',
          message: 'the value must be one of a, b or other.',
          contract: 'contract.ts:7',
        },
      ],
    },
    { subject: 'logs', where: 'proxy', checked: '9 lines', notes: [], findings: [] },
  ],
};

test('the table names metric, label, value, rule and the line of the contract', () => {
  const style = createStyle({ colour: false, unicode: false });
  assert.equal(
    renderTable(report, style),
    `x metrics  proxy      55 metrics, 214 samples, 1 finding
  - promtool was run
    label-value  http_requests_total path = <a&"b">\u0007
      the value must be one of a, b or other.
      contract: contract.ts:7
ok logs     proxy      9 lines

1 finding in 2 inspections, 1.2 s
`,
  );
});

test('the JSON has every finding with the text of its rule', () => {
  const { findings, inspections } = JSON.parse(renderJson(report));
  assert.equal(findings[0].ruleText, rules.metrics['label-value']);
  assert.equal(findings[0].contract, 'contract.ts:7');
  assert.deepEqual(
    inspections.map((inspection: { findings: number }) => inspection.findings),
    [1, 0],
  );
});

test('JUnit has a case for each rule, and text that XML allows', () => {
  const xml = renderJunit(report);
  const count = Object.keys(rules.metrics).length + Object.keys(rules.logs).length;
  assert.equal(xml.match(/<testcase /g)?.length, count);
  assert.match(xml, new RegExp(`tests="${count}" failures="1" time="1.234"`));
  assert.match(
    xml,
    /<failure message="the value must be one of a, b or other\.">http_requests_total path &lt;a&amp;&quot;b&quot;&gt;\ufffd&#10;contract: contract\.ts:7<\/failure>/,
  );
});
