import { Pool } from 'undici';
import { requestBody } from './payload.ts';

export interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  /** Ends after so many requests … */
  readonly maximumRequests: number;
  /** … or after so long, whichever comes first. */
  readonly maximumMs: number;
  /** Default: a chat completion of about 1 KB. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Of every request, ascending. */
  readonly latenciesMs: readonly number[];
}

/** Keeps every connection busy with one request after another. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { port, connections, maximumRequests, maximumMs, body: sent = requestBody } = options;
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections });
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  let started = 0;

  async function keepBusy(): Promise<void> {
    while (started < maximumRequests && performance.now() - startedAt < maximumMs) {
      started++;
      const sentAt = performance.now();
      const { statusCode, body } = await pool.request({
        path: '/v1/chat/completions',
        method: 'POST',
        headers: { 'content-type': 'application/json', ...options.headers },
        body: sent,
      });
      await body.arrayBuffer();
      if (statusCode !== 200) throw new Error(`The forwarder answered ${statusCode} instead of 200.`);
      latenciesMs.push(performance.now() - sentAt);
    }
  }

  await Promise.all(Array.from({ length: connections }, keepBusy));
  const seconds = (performance.now() - startedAt) / 1000;
  await pool.destroy();
  return {
    requests: latenciesMs.length,
    seconds,
    latenciesMs: latenciesMs.toSorted((one, other) => one - other),
  };
}
