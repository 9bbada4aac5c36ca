import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { median } from '../harness/median.ts';
import type { Fault } from './payload.ts';

const connections = 512;
/** More are not sent: the soak is to load the gateway, not to drown it. */
const mostUnderWay = 1_000;
const tickMs = 10;
/** In which the capacity is measured. */
const windows = 3;

/** Of twenty requests twelve are streams, and of these a third are left by their client. */
const mix: readonly Fault[] = [
  ...(['none', 'stream', 'long', 'none', 'stream', 'error', 'none', 'long', 'stream', 'none'] as const),
  ...(['cut', 'stream', 'long', 'limited', 'none', 'slow', 'stream', 'long', 'none', 'stream'] as const),
];

/** What the clients saw. */
export class ClientCounts {
  /** Requests that were answered, or left by their client after the answer had begun. */
  sent = 0;
  cancelled = 0;
  /** Held back because too many were under way. */
  heldBack = 0;
  /** Connections that broke before an answer. */
  broken = 0;
  readonly statuses: Record<string, number> = {};
  /** Told by the usage of answers that came whole. */
  inputTokens = 0;
  outputTokens = 0;
}

export interface LoadTarget {
  readonly url: string;
  readonly apiKey: string;
}

/** Clients that ask for whole answers and streams, and leave some of them. */
export class SoakClient {
  readonly counts = new ClientCounts();
  readonly #agent = new Agent({ keepAlive: true, maxSockets: connections });
  readonly #target: LoadTarget;
  #underWay = 0;

  constructor(target: LoadTarget) {
    this.#target = target;
  }

  /**
   * Requests a second when so many are always under way: after a warm-up, the median of windows of these seconds. The
   * requests are those of the load, so that the capacity is one for them.
   */
  async calibrate(options: { warmUpSeconds: number; windowSeconds: number; busy: number }): Promise<number> {
    const { warmUpSeconds, windowSeconds, busy } = options;
    let over = false;
    let answered = 0;
    const keepBusy = async (first: number) => {
      for (let index = first; !over; index += busy) {
        await this.#ask(mix[index % mix.length] ?? 'none');
        answered += 1;
      }
    };
    const working = Array.from({ length: busy }, (_, index) => keepBusy(index));
    await delay(warmUpSeconds * 1000);
    const rates: number[] = [];
    for (let window = 0; window < windows; window += 1) {
      const [startedAt, earlier] = [performance.now(), answered];
      await delay(windowSeconds * 1000);
      rates.push(((answered - earlier) * 1000) / (performance.now() - startedAt));
    }
    over = true;
    await Promise.all(working);
    return median(rates);
  }

  /** Sends so many requests a second, whether or not the earlier ones are answered. */
  async run({ seconds, perSecond }: { seconds: number; perSecond: number }): Promise<void> {
    const startedAt = performance.now();
    const total = Math.round(seconds * perSecond);
    for (let index = 0; index < total; ) {
      const due = Math.min(total, ((performance.now() - startedAt) / 1000) * perSecond);
      for (; index < due; index += 1) this.#send(mix[index % mix.length] ?? 'none');
      await delay(tickMs);
    }
    while (this.#underWay > 0) await delay(tickMs);
  }

  /** Closes the connections it keeps; further requests open others. */
  disconnect(): void {
    this.#agent.destroy();
  }

  #send(fault: Fault): void {
    if (this.#underWay >= mostUnderWay) this.counts.heldBack += 1;
    else void this.#ask(fault);
  }

  async #ask(fault: Fault): Promise<void> {
    this.#underWay += 1;
    try {
      await this.#exchange(fault);
    } catch {
      this.counts.broken += 1;
    } finally {
      this.#underWay -= 1;
    }
  }

  #exchange(fault: Fault): Promise<void> {
    const stream = fault !== 'none' && fault !== 'error' && fault !== 'limited';
    const body = JSON.stringify({
      model: 'soak',
      messages: [{ role: 'user', content: 'How do you do?' }],
      user: fault,
      ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
    });
    return new Promise((resolve, reject) => {
      const request = httpRequest(`${this.#target.url}/v1/chat/completions`, {
        method: 'POST',
        agent: this.#agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          authorization: `Bearer ${this.#target.apiKey}`,
        },
      });
      request.once('response', (response) => {
        this.#count(response);
        this.#read(response, { leaves: fault === 'long' }).then(resolve, reject);
      });
      request.once('error', reject);
      request.end(body);
    });
  }

  #count({ statusCode }: IncomingMessage): void {
    const { statuses } = this.counts;
    this.counts.sent += 1;
    statuses[String(statusCode)] = (statuses[String(statusCode)] ?? 0) + 1;
  }

  async #read(response: IncomingMessage, { leaves }: { leaves: boolean }): Promise<void> {
    let text = '';
    try {
      for await (const chunk of response) {
        text += String(chunk);
        if (leaves && response.statusCode === 200) {
          this.counts.cancelled += 1;
          return;
        }
      }
    } finally {
      if (!response.complete) response.destroy();
    }
    const [, input = '0', output = '0'] = /"prompt_tokens":(\d+),"completion_tokens":(\d+)/.exec(text) ?? [];
    this.counts.inputTokens += Number(input);
    this.counts.outputTokens += Number(output);
  }
}
