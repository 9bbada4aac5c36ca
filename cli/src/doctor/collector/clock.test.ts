import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeClock } from './clock.ts';

const now = 1_800_000_000_000;
function reading(offsetMs: number) {
  const date = new Date(Math.floor((now + offsetMs) / 1000) * 1000).toUTCString();
  return { date, sentAtUnixMs: now - 10, answeredAtUnixMs: now + 10 };
}

const cases: readonly (readonly [number, string, RegExp])[] = [
  [0, 'ok', /agrees/],
  [999, 'ok', /agrees/],
  [-2_000, 'ok', /agrees/],
  [-20_000, 'warning', /20 s behind/],
  [30_000, 'warning', /3[01] s ahead of/],
  [3_600_000, 'problem', /360[01] s ahead of/],
];
for (const [offsetMs, status, message] of cases) {
  test(`a clock that is ${offsetMs} ms off is ${status}`, () => {
    const finding = judgeClock(reading(offsetMs));
    assert.equal(finding.status, status);
    assert.match(finding.message, message);
  });
}

test('a collector that does not say its time is not judged', () => {
  assert.equal(judgeClock(undefined).status, 'skipped');
  assert.equal(judgeClock({ ...reading(0), date: 'soon' }).status, 'skipped');
});
