import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../testing/workspace.ts';
import { Fleet } from './fleet.ts';
import { ServiceProcess } from './service-process.ts';

interface Trial {
  readonly fleet: Fleet;
  readonly lines: string[];
  readonly restarts: string[];
  launches: number;
}

/** A fleet whose every service runs the given source. */
function fleetOf(source: string): Trial {
  const lines: string[] = [];
  const restarts: string[] = [];
  const trial: Trial = {
    lines,
    restarts,
    launches: 0,
    fleet: new Fleet({
      launch: () => {
        trial.launches += 1;
        return new ServiceProcess({
          args: ['-e', source],
          environment: { PATH: process.env.PATH },
          onLine: (text) => lines.push(text),
        });
      },
      lastLines: () => lines,
      onRestart: (_name, text) => restarts.push(text),
    }),
  };
  return trial;
}

const servesUntilStopped =
  "process.on('SIGTERM', () => { console.log('bye'); process.exit(0); }); console.log(process.pid); setInterval(() => {}, 1000)";
const ignoresStop = "process.on('SIGTERM', () => {}); console.log(process.pid); setInterval(() => {}, 1000)";

function soon(milliseconds: number): { deadlineMs: number } {
  return { deadlineMs: performance.now() + milliseconds };
}

test('a service that ends while the others start breaks the fleet, with its last lines', async () => {
  const { fleet } = fleetOf("console.error('why'); process.exit(4)");
  fleet.start('auth');
  const reason = await fleet.broken;
  assert.equal(reason.message, 'auth ended with exit code 4 before it was ready; its last lines are above.');
  assert.deepEqual(reason.context, ['why']);
});

test('a running service that ends is started again, and that is said', async () => {
  const trial = fleetOf(servesUntilStopped);
  trial.fleet.start('auth');
  await until(
    () => trial.lines.length > 0,
    () => 'the start',
  );
  trial.fleet.markRunning();
  process.kill(Number(trial.lines[0]), 'SIGKILL');
  await until(
    () => trial.launches === 2,
    () => 'the second start',
  );
  assert.deepEqual(trial.restarts, [
    'auth was ended by SIGKILL; starting it again in 0.5 s (1 of at most 5 ends within a minute)',
  ]);
  assert.deepEqual(await trial.fleet.stop(['auth'], soon(10_000)), []);
});

test('a service that is asked to stop is not started again, and its last line is read', async () => {
  const trial = fleetOf(servesUntilStopped);
  trial.fleet.start('auth');
  await until(
    () => trial.lines.length > 0,
    () => 'the start',
  );
  trial.fleet.markRunning();
  assert.deepEqual(await trial.fleet.stop(['auth'], soon(10_000)), []);
  assert.equal(trial.lines.at(-1), 'bye');
  assert.equal(trial.launches, 1);
});

test('a service that does not stop by the deadline is ended at once, and named', async () => {
  const trial = fleetOf(ignoresStop);
  trial.fleet.start('proxy');
  await until(
    () => trial.lines.length > 0,
    () => 'the start',
  );
  assert.deepEqual(await trial.fleet.stop(['proxy'], soon(100)), ['proxy']);
});
