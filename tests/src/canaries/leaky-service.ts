// A service as careless as can be: every canary goes into its logs, spans and errors. It prints a line when it is done.
import { ibexContract } from '@ibex/contract';
import { startTelemetry } from '@ibex/telemetry';
import { createCanaries, plantCanary } from '@ibex/telemetry/testing';

const spansAtOnce = 100;
const telemetry = startTelemetry({ contract: ibexContract, service: 'worker', version: 'canary' });

const canaries = createCanaries({ first: Number(process.env.FIRST_CANARY ?? 0) });
for (const [index, canary] of canaries.entries()) {
  plantCanary(telemetry, canary);
  // The export queue is bounded: the collector gets the time to take what waits.
  if (index % spansAtOnce === 0) await new Promise((resolve) => setTimeout(resolve, 20));
}
await telemetry.stop({ timeoutMs: 10_000 });
process.stdout.write(`${telemetry.metrics.exposition()}\nplanted ${canaries.length}\n`);

// What nobody catches must not get out by standard error either.
telemetry.logger.error('done', { count: canaries.length });
process.exit(0);
