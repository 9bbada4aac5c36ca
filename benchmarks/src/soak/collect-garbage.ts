// Imported into a service before its own code: at SIGUSR2 it collects all garbage and says, as a line, what is left.
import { setTimeout as delay } from 'node:timers/promises';

process.on('SIGUSR2', async () => {
  // What the first collection lets go of is freed after it, and may hold more.
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await delay(50);
  }
  const { heapUsed, external } = process.memoryUsage();
  const line = { level: 'INFO', msg: 'garbage collected', heapBytes: heapUsed, externalBytes: external };
  process.stdout.write(`${JSON.stringify(line)}\n`);
});
