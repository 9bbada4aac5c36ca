import type { Redis } from 'ioredis';
import {
  type LimitStore,
  refusalOf,
  type Settlement,
  type Taken,
  type Used,
  usedWith,
  type Wanted,
} from './limit-store.ts';
import { renewScript, settleScript, takeScript } from './redis-scripts.ts';
import type { LimitSubject } from './subjects.ts';

/** A place whose gateway has died is free again after this long. */
export const leaseMs = 60_000;
const renewEveryMs = 20_000;
const renewedAtOnce = 100;

/** A script that Redis knows under the name of a method. */
type Script = (numberOfKeys: number, ...keysAndArguments: readonly (string | number)[]) => Promise<unknown>;

interface Scripts {
  readonly ibexTake: Script;
  readonly ibexSettle: Script;
  readonly ibexRenew: Script;
}

function keysOf(subjects: readonly LimitSubject[]): string[] {
  return subjects.flatMap(({ key }) => [key, placesOf(key)]);
}

function placesOf(key: string): string {
  return `${key}:places`;
}

function readAnswer(answer: unknown, { subjects }: Wanted): { counted: boolean; before: Used[] } {
  const [counted, ...amounts] = Array.isArray(answer) ? answer.map(Number) : [];
  if (counted === undefined || amounts.length !== subjects.length * 3) {
    throw new Error('Redis did not answer what the script returns.');
  }
  const before = subjects.map((subject, index) => {
    const [requests = 0, tokens = 0, concurrent = 0] = amounts.slice(index * 3, index * 3 + 3);
    return { subject, requests, tokens, concurrent };
  });
  return { counted: counted === 1, before };
}

/** Counts in Redis, for several gateways together: one script, and so one round trip, for each request and its end. */
export class RedisLimitStore implements LimitStore {
  readonly #scripts: Scripts;
  /** Leases of this process, each with the sorted sets it stands in. */
  readonly #leases = new Map<string, readonly string[]>();
  readonly #timer: NodeJS.Timeout;

  constructor(client: Redis) {
    client.defineCommand('ibexTake', { lua: takeScript });
    client.defineCommand('ibexSettle', { lua: settleScript });
    client.defineCommand('ibexRenew', { lua: renewScript });
    this.#scripts = client as unknown as Scripts;
    this.#timer = setInterval(() => void this.#renew(), renewEveryMs).unref();
  }

  async take(wanted: Wanted): Promise<Taken> {
    const { subjects, tokens, lease = '' } = wanted;
    const keys = keysOf(subjects);
    const limits = subjects.flatMap((each) => [
      each.requestsPerMinute,
      each.tokensPerMinute,
      each.concurrentRequests,
    ]);
    const answer = await this.#scripts.ibexTake(keys.length, ...keys, lease, leaseMs, tokens, ...limits);
    const { counted, before } = readAnswer(answer, wanted);
    if (!counted) {
      return { used: before, refusal: before.map((used) => refusalOf(used, wanted)).find(Boolean) };
    }
    const places = subjects
      .filter((subject) => subject.concurrentRequests > 0)
      .map(({ key }) => placesOf(key));
    if (lease !== '' && places.length > 0) this.#leases.set(lease, places);
    return { used: before.map((used) => usedWith(used, wanted)), refusal: undefined };
  }

  async settle({ subjects, tokens, actualTokens, lease = '' }: Settlement): Promise<void> {
    this.#leases.delete(lease);
    const keys = keysOf(subjects);
    const limits = subjects.map(({ tokensPerMinute }) => tokensPerMinute);
    await this.#scripts.ibexSettle(keys.length, ...keys, lease, actualTokens - tokens, ...limits);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Says that the requests are still under way. A lease that cannot be renewed now is at the next time. */
  async #renew(): Promise<void> {
    const places = [...this.#leases].flatMap(([lease, keys]) => keys.map((key) => ({ lease, key })));
    for (let first = 0; first < places.length; first += renewedAtOnce) {
      const some = places.slice(first, first + renewedAtOnce).filter(({ lease }) => this.#leases.has(lease));
      const keys = some.map(({ key }) => key);
      const leases = some.map(({ lease }) => lease);
      await this.#scripts.ibexRenew(keys.length, ...keys, leaseMs, ...leases).catch(() => undefined);
    }
  }
}
