// A model that begins its streams and is silent until it is told to end them: a process of its own, since each stream is
// an open file of it. Speaks with its parent over IPC.
import type { ServerResponse } from 'node:http';
import { chunk, doneEvent, startStream, startUpstream } from './upstream.ts';

const waiting: ServerResponse[] = [];
const upstream = await startUpstream();
upstream.behave = (response) => {
  startStream(response).write(chunk('Hello'));
  waiting.push(response);
};
process.on('disconnect', () => process.exit());
process.on('message', () => {
  const ended = waiting.splice(0);
  for (const response of ended) response.end(chunk(' you', 'stop') + doneEvent);
  process.send?.({ ended: ended.length });
});
process.send?.({ origin: upstream.origin });
