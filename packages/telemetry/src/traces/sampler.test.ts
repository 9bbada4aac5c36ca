import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createTraceId } from './ids.ts';
import { createSampler } from './sampler.ts';

const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceState: '' };
const lowest = `1${'0'.repeat(31)}`;
const highest = 'f'.repeat(32);

describe('a parent decides', () => {
  for (const settings of [
    { type: 'always' },
    { type: 'never' },
    { type: 'probability', ratio: 0.5 },
  ] as const) {
    test(`whatever the root sampler is: ${settings.type}`, () => {
      const sampler = createSampler(settings);
      assert.equal(sampler(highest, { ...parent, sampled: true }), true);
      assert.equal(sampler(lowest, { ...parent, sampled: false }), false);
    });
  }
});

describe('a root is sampled', () => {
  test('always or never', () => {
    for (const id of [lowest, highest, createTraceId()]) {
      assert.equal(createSampler({ type: 'always' })(id, undefined), true);
      assert.equal(createSampler({ type: 'never' })(id, undefined), false);
      assert.equal(createSampler({ type: 'probability', ratio: 1 })(id, undefined), true);
      assert.equal(createSampler({ type: 'probability', ratio: 0 })(id, undefined), false);
    }
  });

  test('by its trace id alone, so that every service decides alike', () => {
    const one = createSampler({ type: 'probability', ratio: 0.3 });
    const another = createSampler({ type: 'probability', ratio: 0.3 });
    for (let index = 0; index < 1_000; index++) {
      const id = createTraceId();
      assert.equal(one(id, undefined), another(id, undefined));
    }
  });

  test('at a lower ratio only when it is at a higher one', () => {
    const samplers = [0.01, 0.1, 0.5, 0.9].map((ratio) => createSampler({ type: 'probability', ratio }));
    for (let index = 0; index < 1_000; index++) {
      const id = createTraceId();
      const decisions = samplers.map((sampler) => sampler(id, undefined));
      assert.deepEqual(
        decisions,
        decisions.toSorted((one, other) => Number(one) - Number(other)),
      );
    }
  });

  for (const ratio of [0.01, 0.1, 0.5, 0.99]) {
    test(`in about ${ratio * 100} of a hundred traces`, () => {
      const sampler = createSampler({ type: 'probability', ratio });
      const count = 100_000;
      let sampled = 0;
      for (let index = 0; index < count; index++) if (sampler(createTraceId(), undefined)) sampled++;
      // Six standard deviations: wrong once in half a billion runs.
      const tolerance = 6 * Math.sqrt(count * ratio * (1 - ratio));
      assert.ok(Math.abs(sampled - count * ratio) < tolerance, `${sampled} of ${count}`);
    });
  }

  test('at the edges of the ratio', () => {
    const half = createSampler({ type: 'probability', ratio: 0.5 });
    assert.equal(half(`${'0'.repeat(24)}7fffffff`, undefined), true);
    assert.equal(half(`${'f'.repeat(24)}80000000`, undefined), false);
    assert.equal(createSampler({ type: 'probability', ratio: 1e-12 })(lowest, undefined), false);
  });
});
