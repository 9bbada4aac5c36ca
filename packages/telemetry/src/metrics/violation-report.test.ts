import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import { ViolationReport } from './violation-report.ts';

let nowMs = 0;
let report = new ViolationReport();
const { telemetry, destination } = startTestTelemetry('proxy');

/** Place and count of each warning. */
function warned(): (readonly [unknown, unknown])[] {
  const lines = destination.lines.filter(({ msg }) => msg === 'outside the contract');
  assert.ok(lines.every(({ level }) => level === 'WARN'));
  return lines.map(({ place, count }) => [place, count] as const);
}

beforeEach(() => {
  nowMs = 0;
  destination.text.length = 0;
  report = new ViolationReport(() => nowMs);
});

test('each place is warned of once a minute, with how many there were', () => {
  report.connect(telemetry.logger);
  for (let round = 0; round < 3; round++) report.add('label_value', 'a_total.x');
  report.add('label_value', 'a_total.y');
  assert.deepEqual(warned(), [
    ['a_total.x', 1],
    ['a_total.y', 1],
  ]);
  nowMs = 59_999;
  report.add('label_value', 'a_total.x');
  assert.equal(warned().length, 2);
  nowMs = 60_000;
  report.add('label_value', 'a_total.x');
  assert.deepEqual(warned().at(-1), ['a_total.x', 4]);
});

test('kinds have places of their own', () => {
  report.connect(telemetry.logger);
  report.add('log_field', 'reason');
  report.add('audit_key', 'reason');
  assert.equal(warned().length, 2);
});

test('what was met before there was a log, or held back, is written when it is asked for', () => {
  report.add('configured_limit', 'model');
  report.add('configured_limit', 'model');
  report.connect(telemetry.logger);
  assert.deepEqual(warned(), [['model', 2]]);
  report.add('configured_limit', 'model');
  report.flush();
  report.flush();
  assert.deepEqual(warned(), [
    ['model', 2],
    ['model', 1],
  ]);
});

test('a place that comes from outside is cut, and no secret in it is shown', () => {
  report.connect(telemetry.logger);
  report.add('audit_key', 'x'.repeat(10_000));
  report.add('audit_key', 'sk-abcdefghijklmnopqrstuvwxyz0123456789');
  const [long, secret] = warned();
  assert.equal(String(long?.[0]).length, 128);
  assert.equal(secret?.[0], '[REDACTED]');
});
