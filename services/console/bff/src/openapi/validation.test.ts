import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ErrorBody, startConsole, type TestConsole } from '../testing/test-console.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';

describe('parameters outside the document', () => {
  let shared: TestConsole;
  let headers: Readonly<Record<string, string>>;
  before(async () => {
    shared = await startConsole();
    headers = await shared.login();
  });
  after(() => shared[Symbol.asyncDispose]());

  for (const [path, name] of [
    ['/api/telemetry/spans?limit=0', 'limit'],
    ['/api/telemetry/spans?limit=1001', 'limit'],
    ['/api/telemetry/spans?limit=ten', 'limit'],
    ['/api/telemetry/spans?limit=1.5', 'limit'],
    ['/api/telemetry/spans?limit=', 'limit'],
    ['/api/telemetry/spans?start=-1', 'start'],
    ['/api/telemetry/spans?start=1e300', 'start'],
    ['/api/telemetry/spans?minDurationMs=NaN', 'minDurationMs'],
    ['/api/telemetry/spans?status=bad', 'status'],
    ['/api/telemetry/spans?status=ok&status=error', 'status'],
    ['/api/telemetry/spans?rootOnly=maybe', 'rootOnly'],
    ['/api/telemetry/spans?attribute=novalue', 'attribute'],
    [`/api/telemetry/spans?${'attribute=a=b&'.repeat(11)}`, 'attribute'],
    [`/api/telemetry/spans?service=${'x'.repeat(201)}`, 'service'],
    ['/api/telemetry/spans?url=http://evil.example', 'url'],
    ['/api/telemetry/spans?__proto__=1', '__proto__'],
    ['/api/telemetry/spans?constructor=1', 'constructor'],
    ['/api/telemetry/spans?authorization=Bearer', 'authorization'],
    ['/api/telemetry/logs?level=LOUD', 'level'],
    ['/api/telemetry/logs?traceId=xyz', 'traceId'],
    [`/api/telemetry/logs?traceId=${traceId.toUpperCase()}`, 'traceId'],
    ['/api/telemetry/logs/volume?stepSeconds=0', 'stepSeconds'],
    ['/api/telemetry/services?x=1', 'x'],
    [`/api/telemetry/traces/${traceId}0`, 'traceId'],
    ['/api/telemetry/traces/..%2f..%2fadmin', 'traceId'],
    ['/api/telemetry/traces/http:%2f%2fevil.example', 'traceId'],
    ['/api/telemetry/metrics/a-b/range', 'name'],
    ['/api/telemetry/metrics/a%2f..%2fb/range', 'name'],
    ['/api/telemetry/metrics/up/range?quantile=1', 'quantile'],
    ['/api/telemetry/metrics/up/range?function=delete', 'function'],
    ['/admin/ops/overview?rangeMinutes=4', 'rangeMinutes'],
    ['/admin/ops/overview?rangeMinutes=1441', 'rangeMinutes'],
  ] as const) {
    it(`refuses ${path.slice(0, 80)}, naming ${name}, and asks nobody`, async () => {
      const answer = await shared.send(path, { headers });
      assert.equal(answer.status, 400);
      const { error } = answer.json<ErrorBody>();
      assert.equal(error.code, 'invalid_parameter');
      assert.ok(error.message.includes(name), error.message);
      assert.ok(error.message.length < 600, error.message);
      assert.deepEqual(shared.collector.requests, []);
    });
  }
});
