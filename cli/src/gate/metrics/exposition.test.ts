import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExposition } from './exposition.ts';

const text = `# HELP a_total As \\\\ and \\n.
# TYPE a_total counter
a_total{x="1",y="a\\"b\\\\c\\nd"} 1 1700000000000
a_total{x="2",y=""} 2.5e3
# TYPE b_seconds histogram
b_seconds_bucket{le="0.1"} 1
b_seconds_bucket{le="+Inf"} 2
b_seconds_sum 0.3
b_seconds_count 2

# a comment
c NaN
`;

test('text 0.0.4 is read whole', () => {
  const { families, problems, sampleCount } = parseExposition(text, 'text');
  assert.deepEqual(problems, []);
  assert.equal(sampleCount, 7);
  assert.deepEqual([...families.keys()], ['a_total', 'b_seconds', 'c']);
  const a = families.get('a_total');
  assert.equal(a?.help, 'As \\ and \n.');
  assert.deepEqual(a?.samples[0], {
    line: 3,
    name: 'a_total',
    labels: [
      ['x', '1'],
      ['y', 'a"b\\c\nd'],
    ],
    value: 1,
  });
  assert.equal(families.get('b_seconds')?.samples.length, 4);
  assert.equal(families.get('c')?.type, undefined);
});

test('OpenMetrics is read, its counters named as in text 0.0.4', () => {
  const openMetrics = `# TYPE a counter
# UNIT a things
a_total{x="1"} 3 # {trace_id="abc"} 1 1700000000.5
a_created{x="1"} 1700000000
# TYPE b_seconds histogram
b_seconds_bucket{le="+Inf"} 1 # {} 0.5
b_seconds_sum 0.5
b_seconds_count 1
# EOF
`;
  const { families, problems } = parseExposition(openMetrics, 'openmetrics');
  assert.deepEqual(problems, []);
  assert.deepEqual([...families.keys()], ['a_total', 'b_seconds']);
  const exemplar = families.get('a_total')?.samples[0]?.exemplar;
  assert.deepEqual(exemplar, { labels: [['trace_id', 'abc']], value: 1 });
});

const faults: readonly (readonly [string, 'text' | 'openmetrics', RegExp])[] = [
  ['1up 1\n', 'text', /begin with a metric name/],
  ['up\n', 'text', /expected a value/],
  ['up one\n', 'text', /expected a value, it is "one"/],
  ['up{x="1" 1\n', 'text', /expected ,/],
  ['up{1x="1"} 1\n', 'text', /"1x" is not a label name/],
  ['up{x="\\t"} 1\n', 'text', /is no escape/],
  ['up{x="1} 1\n', 'text', /does not end/],
  ['up 1', 'text', /end with a line feed/],
  ['up 1 # {a="b"} 1\n', 'text', /legal in OpenMetrics only/],
  ['# TYPE up gauge\n# TYPE up gauge\nup 1\n', 'text', /one TYPE line/],
  ['# HELP up Up.\n# HELP up Up.\nup 1\n', 'text', /one HELP line/],
  ['up 1\n# TYPE up gauge\n', 'text', /must come before its samples/],
  ['up 1\ndown 1\nup{a="b"} 1\n', 'text', /must stand together/],
  ['up 1\n', 'openmetrics', /must be "# EOF"/],
  ['up 1\n\n# EOF\n', 'openmetrics', /no empty lines/],
  ['up 1 # {a="b"} 1 1 1\n# EOF\n', 'openmetrics', /nothing may follow|a timestamp/],
  ['# EOF\nup 1\n# EOF\n', 'openmetrics', /nothing may follow "# EOF"/],
  ['# a comment\n# EOF\n', 'openmetrics', /no comments/],
  ['# HELP up It is "up".\n# EOF\n', 'openmetrics', /must be escaped/],
  ['# UNIT up_seconds seconds\n# UNIT up_seconds seconds\n# EOF\n', 'openmetrics', /one UNIT line/],
];
for (const [input, format, expected] of faults) {
  test(`a fault is told: ${JSON.stringify(input)} as ${format}`, () => {
    const { problems } = parseExposition(input, format);
    assert.match(problems.map(({ message }) => message).join('\n'), expected);
  });
}

test('the number of problems is bounded', () => {
  const { problems } = parseExposition('!\n'.repeat(10_000), 'text');
  assert.equal(problems.length, 100);
});
