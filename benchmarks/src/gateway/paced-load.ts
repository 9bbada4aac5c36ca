import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';

const connections = 64;

export interface PacedLoadOptions {
  readonly port: number;
  readonly requestsPerSecond: number;
  readonly requests: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Milliseconds from when each request was due to its last byte, ascending: a server that stalls delays all that come. */
export async function runPacedLoad(options: PacedLoadOptions): Promise<readonly number[]> {
  const { port, requestsPerSecond, requests, body, headers } = options;
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections });
  const latenciesMs: number[] = [];
  const startedAt = performance.now();

  async function send(dueAt: number): Promise<void> {
    const answer = await pool.request({ path: '/v1/chat/completions', method: 'POST', headers, body });
    await answer.body.arrayBuffer();
    if (answer.statusCode !== 200) throw new Error(`The answer was ${answer.statusCode} instead of 200.`);
    latenciesMs.push(performance.now() - dueAt);
  }

  const sent: Promise<void>[] = [];
  for (let index = 0; index < requests; index++) {
    const dueAt = startedAt + (index * 1000) / requestsPerSecond;
    const early = dueAt - performance.now();
    if (early > 0) await delay(early);
    sent.push(send(dueAt));
  }
  await Promise.all(sent);
  await pool.destroy();
  return latenciesMs.toSorted((one, other) => one - other);
}
