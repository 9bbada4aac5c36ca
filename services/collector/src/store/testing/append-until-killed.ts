/**
 * Appends without end to the store in the directory given as argument, several batches at a time, and writes one line
 * for each acknowledged batch. The test that started it kills it.
 */
import { writeSync } from 'node:fs';
import { openStore } from '../open-store.ts';
import { batch, chatCompletionTrace, log, sample } from './records.ts';
import { withoutExpiry } from './temporary-store.ts';

const APPENDS_AT_ONCE = 4;
const STANDARD_OUTPUT = 1;

const [directory = ''] = process.argv.slice(2);
const store = await openStore(withoutExpiry({ directory, checkpointBytes: 256 * 1024 }));

async function appendForever(): Promise<never> {
  for (;;) {
    const { traceId, spans } = chatCompletionTrace();
    const unixMs = Date.now();
    await store.append(
      batch({
        spans,
        logs: [log({ traceId, requestId: traceId })],
        samples: [sample('killed_total', { trace: traceId, value: 1, unixMs })],
      }),
    );
    writeSync(STANDARD_OUTPUT, `${traceId}\n`);
  }
}

await Promise.all(Array.from({ length: APPENDS_AT_ONCE }, appendForever));
