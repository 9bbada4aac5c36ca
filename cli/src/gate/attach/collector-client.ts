import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../user-error.ts';
import { ask } from '../http.ts';
import type { CapturedLine } from '../logs/captured-line.ts';
import { type CapturedSpan, readSpan } from '../traces/captured-span.ts';

export interface CollectorAddress {
  /** Base URL of the query API. */
  readonly url: string;
  readonly token: string;
}

interface LogRecord {
  readonly timeUnixNano: string;
  readonly level: string;
  readonly serviceName: string;
  readonly message: string;
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly requestId: string | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const arrivesWithinMs = 10_000;
const pollMs = 200;
const mostPages = 20;

/** Asks the collector for what it has received of the probes. */
export class CollectorClient {
  readonly #address: CollectorAddress;

  constructor(address: CollectorAddress) {
    this.#address = address;
  }

  /** The spans of the traces, each waited for until it is there, together for ten seconds. */
  async spansOf(traceIds: readonly string[]): Promise<CapturedSpan[]> {
    const deadline = performance.now() + arrivesWithinMs;
    const spans: CapturedSpan[] = [];
    for (const traceId of traceIds) spans.push(...(await this.#trace(traceId, deadline)));
    return spans;
  }

  /** The lines a service has written since an instant, once there is one for each request id or time is up. */
  async linesOf(
    service: string,
    { sinceUnixMs, requestIds }: { sinceUnixMs: number; requestIds: readonly string[] },
  ): Promise<CapturedLine[]> {
    const deadline = performance.now() + arrivesWithinMs;
    for (;;) {
      const records = await this.#logs(service, sinceUnixMs);
      const present = new Set(records.map(({ requestId }) => requestId));
      if (requestIds.every((id) => present.has(id)) || performance.now() > deadline)
        return records.map(toLine);
      await sleep(pollMs);
    }
  }

  async #trace(traceId: string, deadline: number): Promise<CapturedSpan[]> {
    for (;;) {
      const { status, body } = await this.#get(`/api/v1/traces/${traceId}`);
      if (status === 200) {
        const spans = (body.spans as Record<string, unknown>[]).map(readSpan);
        // Children end, and may arrive, before their root.
        if (spans.some(({ parentSpanId }) => parentSpanId === '')) return spans;
      }
      if (performance.now() > deadline) return [];
      await sleep(pollMs);
    }
  }

  async #logs(service: string, sinceUnixMs: number): Promise<LogRecord[]> {
    const records: LogRecord[] = [];
    let cursor: unknown = null;
    for (let page = 0; page < mostPages; page++) {
      const query = new URLSearchParams({ service, start: String(sinceUnixMs), limit: '1000' });
      if (typeof cursor === 'string') query.set('cursor', cursor);
      const { body } = await this.#get(`/api/v1/logs?${query}`);
      records.push(...((body.logs ?? []) as LogRecord[]));
      cursor = body.nextCursor;
      if (typeof cursor !== 'string') break;
    }
    return records;
  }

  async #get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
    const { url, token } = this.#address;
    const { status, body } = await ask(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (status === 401) {
      throw new UserError(
        `The collector at ${url} refused the token: set IBEX_COLLECTOR_QUERY_TOKEN to its own, which \`ibex up\` keeps in secrets/query-token of its data directory.`,
      );
    }
    if (status !== 200 && status !== 404) {
      throw new UserError(`The collector at ${url} answered ${status}: ${body.slice(0, 200).trim()}`);
    }
    return { status, body: JSON.parse(body) as Record<string, unknown> };
  }
}

/** The line as the service wrote it, put together again. */
function toLine(record: LogRecord): CapturedLine {
  const { timeUnixNano, level, message, serviceName, traceId, spanId, requestId, attributes } = record;
  const line = {
    time: new Date(Number(BigInt(timeUnixNano) / 1_000_000n)).toISOString(),
    level,
    msg: message,
    service: serviceName,
    ...(traceId === null ? {} : { trace_id: traceId }),
    ...(spanId === null ? {} : { span_id: spanId }),
    ...(requestId === null ? {} : { request_id: requestId }),
    ...attributes,
  };
  return { text: JSON.stringify(line), stream: 'stdout' };
}
