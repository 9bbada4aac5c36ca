import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runInScope } from '@ibex/telemetry/context';
import { startTestTelemetry } from '@ibex/telemetry/testing';
import { parseExposition } from './exposition.ts';

const TEXT = `# HELP http_requests_total HTTP requests by route,\\nmethod and "status".
# TYPE http_requests_total counter
http_requests_total{method="POST",route="/v1/chat/completions",status="200"} 1027 1395066363000
http_requests_total{method="POST",route="C:\\\\DIR\\n\\"x\\"",status="400",}    3

# a comment, and an empty line above
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="+Inf"} 144320
http_request_duration_seconds_sum 53423.5
http_request_duration_seconds_count 144320
# TYPE process_cpu_seconds_total untyped
process_cpu_seconds_total 1.7560473e+07
something_weird{problem="division by zero"} +Inf -3982045
nothing NaN
negative -.5e-3
`;

const OPENMETRICS = `# TYPE foo counter
# UNIT foo seconds
# HELP foo Seconds spent.
foo_total{a="b"} 17.0 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67
foo_created{a="b"} 1520430000.123
# TYPE build info
build_info{version="1.2"} 1
# EOF
ignored 1
`;

describe('parseExposition', () => {
  test('reads the text format', () => {
    const { samples, families } = parseExposition(TEXT, 'text');
    assert.equal(samples.length, 10);
    assert.deepEqual(samples[0], {
      name: 'http_requests_total',
      labels: [
        ['method', 'POST'],
        ['route', '/v1/chat/completions'],
        ['status', '200'],
      ],
      value: 1027,
      timeUnixMs: 1395066363000,
    });
    assert.equal(samples[1]?.labels[1]?.[1], 'C:\\DIR\n"x"');
    assert.equal(samples[3]?.labels[0]?.[1], '+Inf');
    assert.equal(samples[6]?.value, 17560473);
    assert.equal(samples[7]?.value, Number.POSITIVE_INFINITY);
    assert.equal(samples[7].timeUnixMs, -3982045);
    assert.ok(Number.isNaN(samples[8]?.value));
    assert.equal(samples[9]?.value, -0.0005);
    assert.deepEqual(families, [
      { name: 'http_requests_total', type: 'counter', help: 'HTTP requests by route,\nmethod and "status".' },
      { name: 'http_request_duration_seconds', type: 'histogram', help: '' },
      { name: 'process_cpu_seconds_total', type: 'unknown', help: '' },
    ]);
  });

  test('reads OpenMetrics: exemplars and creation times passed over, counters named as their series', () => {
    const { samples, families, units } = parseExposition(OPENMETRICS, 'openmetrics');
    assert.deepEqual(
      samples.map(({ name, value, timeUnixMs }) => ({ name, value, timeUnixMs })),
      [
        { name: 'foo_total', value: 17, timeUnixMs: 1520879607789 },
        { name: 'build_info', value: 1, timeUnixMs: undefined },
      ],
    );
    assert.deepEqual(families[0], { name: 'foo_total', type: 'counter', help: 'Seconds spent.' });
    assert.equal(units.get('foo_total'), 'seconds');
  });

  test('an OpenMetrics exposition without its end was cut', () => {
    assert.throws(() => parseExposition('foo 1\n', 'openmetrics'), /must end with "# EOF"/);
  });

  for (const [line, rule] of [
    ['{a="b"} 1', /must start with a metric name/],
    ['foo{a=b} 1', /labels must be name="value"/],
    ['foo{a="b" 1', /labels must be name="value"/],
    ['foo{a="b} 1', /labels must be name="value"/],
    ['foo{1a="b"} 1', /labels must be name="value"/],
    ['foo{a="b"}', /must be followed by a number/],
    ['foo', /must be followed by a number/],
    ['foo one', /must be followed by a number/],
    ['foo 0x10', /must be followed by a number/],
    ['foo 1 2 3', /must be followed by a number/],
    [`${'a'.repeat(300)} 1`, /a metric name may have 256 characters/],
    [`foo{a="${'b'.repeat(3000)}"} 1`, /a label may have 2048 characters/],
    [
      `foo{${Array.from({ length: 65 }, (_, index) => `a${index}="b"`).join()}} 1`,
      /a sample may have 64 labels/,
    ],
    [`foo{a="${'b'.repeat(70_000)}"} 1`, /a line may have 65536 characters/],
  ] as const) {
    test(`refuses ${line.slice(0, 30)}, naming the line`, () => {
      assert.throws(() => parseExposition(`ok 1\n${line}\n`, 'text'), {
        name: 'ExpositionError',
        message: rule,
      });
      assert.throws(() => parseExposition(`ok 1\n${line}\n`, 'text'), { message: /^line 2: / });
    });
  }

  test('refuses more samples than the bound', () => {
    assert.throws(() => parseExposition('a 1\n'.repeat(50_001), 'text'), /a target may expose 50000 samples/);
  });
});

test('what our telemetry exposes is read alike in both formats, exemplars passed over', async () => {
  const { telemetry } = startTestTelemetry('proxy', { observability: { metrics: { enabled: false } } });
  const { metrics, tracer } = telemetry;
  const labels = { method: 'GET', path: '/v1/models' } as const;
  runInScope({ span: tracer.startSpan('GET /v1/models', { kind: 'server', parent: null }) }, () => {
    metrics.counter('http_requests_total').increment({ ...labels, status: '200' });
    metrics.histogram('http_request_duration_seconds').observe(labels, 0.3);
  });
  const [text, openMetrics] = (['text', 'openmetrics'] as const).map((format) =>
    parseExposition(metrics.exposition(format), format),
  );
  assert.match(metrics.exposition('openmetrics'), / # \{trace_id=/);
  const canonical = (exposition: typeof text) =>
    exposition?.samples.map(({ name, labels: own, value }) => [
      name,
      own.map(([label, bound]) => (label === 'le' && bound !== '+Inf' ? Number(bound) : bound)),
      value,
    ]);
  assert.deepEqual(canonical(openMetrics), canonical(text));
  assert.deepEqual(openMetrics?.families, text?.families);
  assert.equal(openMetrics?.units.get('http_request_duration_seconds'), 'seconds');
  await telemetry.stop();
});
