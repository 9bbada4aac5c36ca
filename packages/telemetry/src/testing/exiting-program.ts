/**
 * A program for tests of the exit, run as a process of its own: records one span, then ends as EXIT_BY says. EXIT_BOUND_MS
 * is what the exit may wait.
 */
import { ibexContract } from '@ibex/contract';
import { startTelemetry, stopAtExit } from '../index.ts';

const telemetry = startTelemetry({ contract: ibexContract, service: 'proxy' });
stopAtExit(telemetry, { timeoutMs: Number(process.env.EXIT_BOUND_MS) });
telemetry.tracer.startSpan('last words', { kind: 'server', parent: null }).end();

const by = process.env.EXIT_BY ?? 'itself';
if (by !== 'itself') setInterval(() => {}, 60_000);
if (by === 'error') setImmediate(() => Promise.reject(new RangeError('nobody caught this')));
if (by === 'own handler') {
  process.on('SIGTERM', async () => {
    await telemetry.stop({ timeoutMs: Number(process.env.EXIT_BOUND_MS) });
    process.exit(7);
  });
}
telemetry.logger.info('ready');
