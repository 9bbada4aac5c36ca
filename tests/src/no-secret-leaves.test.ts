import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { byCore, describeLeak, describeLeaks, findCanaries } from '@ibex/telemetry/testing';
import { playScene, type Scene } from './canaries/scene.ts';

describe('secrets that are driven through every way in', () => {
  let scene: Scene;
  const leaksIn = (sink: string, text: string) => findCanaries(byCore(scene.canaries), { sink, text });

  before(async () => {
    scene = await playScene();
  });

  test('were many, by all ways, with all kinds of answers', () => {
    const total = Object.values(scene.sent).reduce((sum, count) => sum + count, 0);
    assert.ok(total >= 2_000, JSON.stringify(scene.sent));
    const statuses = new Set(Object.keys(scene.sent).map((way) => way.slice(-3)));
    for (const status of ['200', '400', '401', '404'])
      assert.ok(statuses.has(status), JSON.stringify(scene.sent));
    assert.match(
      scene.sinks.get('stdout, stderr and metrics of the leaky service') ?? '',
      /planted 2\d{3}\n/,
    );
  });

  test('reached what keeps them', () => {
    for (const sink of ['table spans', 'table logs', 'query API spans?limit=1000', 'auth API audit']) {
      assert.ok(
        (scene.sinks.get(sink)?.length ?? 0) > 100,
        `${sink} of ${[...scene.sinks.keys()].join(', ')}`,
      );
    }
    assert.match(scene.sinks.get('table spans') ?? '', /\[REDACTED\]/);
    assert.match(scene.sinks.get('table logs') ?? '', /\[REDACTED\]/);
  });

  test('are found where nothing protects them', () => {
    const found = leaksIn('what the provider was sent', scene.unprotected);
    assert.ok(found.length > 100, `${found.length} found`);
    assert.match(
      describeLeak(found[0] as never),
      /^The secret of (key|pattern) .* was found in the sink "what the provider/,
    );
  });

  test('are in no sink', () => {
    const leaks = [...scene.sinks].flatMap(([sink, text]) => leaksIn(sink, text));
    assert.equal(leaks.length, 0, `${leaks.length} times a secret left:\n${describeLeaks(leaks)}`);
  });
});
