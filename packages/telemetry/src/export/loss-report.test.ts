import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ibexContract } from '@ibex/contract';
import { createLogger } from '../logs/logger.ts';
import { createSanitiser } from '../privacy/sanitiser.ts';
import { MemoryDestination } from '../testing/memory.ts';
import { createLossReport } from './loss-report.ts';

test('losses are said at once, then once a minute for each reason, and the rest when asked', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const destination = new MemoryDestination();
  const sanitiser = createSanitiser(ibexContract.sensitiveKeys);
  const logger = createLogger<typeof ibexContract>({
    ...{ service: 'proxy', level: 'INFO', format: 'json', sanitiser, destination },
  });
  const report = createLossReport(logger, { message: 'spans dropped', signal: 'traces' });
  const said = () =>
    destination.text
      .splice(0)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .map(({ level, msg, signal, count, reason }) => [level, msg, signal, count, reason]);

  report.add(2, 'queue_full', '100 spans wait');
  report.add(1, 'refused', 'HTTP 400');
  assert.deepEqual(said(), [
    ['WARN', 'spans dropped', 'traces', 2, 'queue_full: 100 spans wait'],
    ['WARN', 'spans dropped', 'traces', 1, 'refused: HTTP 400'],
  ]);
  for (let index = 0; index < 5_000; index++) report.add(1, 'queue_full', '200 spans wait');
  context.mock.timers.tick(59_999);
  assert.deepEqual(said(), []);
  context.mock.timers.tick(1);
  assert.deepEqual(said(), [['WARN', 'spans dropped', 'traces', 5_000, 'queue_full: 200 spans wait']]);
  context.mock.timers.tick(600_000);
  assert.deepEqual(said(), []);
  report.add(3, 'refused', 'HTTP 401');
  report.flush();
  report.flush();
  assert.deepEqual(said(), [['WARN', 'spans dropped', 'traces', 3, 'refused: HTTP 401']]);
});
