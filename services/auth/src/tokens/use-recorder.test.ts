import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startTestTelemetry } from '@ibex/telemetry/testing';
import type { Queryable, Statement } from '../database/database.ts';
import { UseRecorder } from './use-recorder.ts';

function startRecorder() {
  const written: string[][] = [];
  const table = { broken: false };
  const database: Queryable = {
    query: async ({ values }: Statement) => {
      if (table.broken) throw new Error('the table is broken');
      const uses = JSON.parse(String(values?.[0])) as { token_id: string }[];
      written.push(uses.map(({ token_id: id }) => id));
      return [];
    },
  };
  const { telemetry } = startTestTelemetry('auth');
  return { recorder: new UseRecorder({ database, telemetry }), written, table };
}

describe('UseRecorder', () => {
  it('writes a use once a minute, many in one statement', async () => {
    const { recorder, written } = startRecorder();
    const now = Date.now();
    for (const token of ['a', 'b', 'a']) recorder.note(token, now);
    await recorder.flush();
    recorder.note('a', now + 59_000);
    await recorder.flush();
    recorder.note('a', now + 60_000);
    await recorder.stop();
    assert.deepEqual(written, [['a', 'b'], ['a']]);
  });

  it('writes a crowd in portions, one after the other, and what comes meanwhile before it stops', async () => {
    const { recorder, written } = startRecorder();
    for (let index = 0; index < 600; index += 1) recorder.note(`token ${index}`);
    const flushed = recorder.flush();
    recorder.note('late');
    await Promise.all([flushed, recorder.stop()]);
    assert.deepEqual(
      written.map((batch) => batch.length),
      [250, 250, 100, 1],
    );
  });

  it('goes on after the database failed', async () => {
    const { recorder, written, table } = startRecorder();
    table.broken = true;
    recorder.note('lost');
    await recorder.flush();
    table.broken = false;
    recorder.note('kept');
    await recorder.stop();
    assert.deepEqual(written, [['kept']]);
  });
});
