import type { IbexContract } from '@ibex/contract';
import type { Logger } from '../logs/logger.ts';
import type { ViolationKind } from './label-values.ts';

const noticeEveryMs = 60_000;
/** For each kind: keys that come from outside must not displace labels, nor fill the memory. */
const maximumPlaces = 256;
const maximumPlaceLength = 128;
/** Stands for every place beyond the maximum. */
const elsewhere = 'elsewhere';

/** What broke the contract at one place. */
interface Place {
  unreported: number;
  reportedAtMs: number;
}

/**
 * Warns of what is outside the contract: at once, then at most once a minute for each place, with how many there were
 * since. What lies outside is not shown, as it may be a secret.
 */
export class ViolationReport {
  readonly #places = new Map<ViolationKind, Map<string, Place>>();
  readonly #now: () => number;
  #logger: Logger<IbexContract> | undefined;

  /** @param now A clock that never goes back, in milliseconds; for tests. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** From now on there is a log to write to; what came before is written now. */
  connect(logger: Logger<IbexContract>): void {
    this.#logger = logger;
    this.flush();
  }

  add(kind: ViolationKind, name: string): void {
    const place = this.#placeOf(kind, name.slice(0, maximumPlaceLength));
    place.state.unreported++;
    if (this.#now() - place.state.reportedAtMs >= noticeEveryMs) this.#report(kind, place);
  }

  /** Writes what has not been written yet. */
  flush(): void {
    for (const [kind, places] of this.#places) {
      for (const [name, state] of places) this.#report(kind, { name, state });
    }
  }

  #placeOf(kind: ViolationKind, wanted: string): { name: string; state: Place } {
    const places = this.#places.get(kind) ?? new Map<string, Place>();
    this.#places.set(kind, places);
    const name = places.has(wanted) || places.size < maximumPlaces ? wanted : elsewhere;
    const state = places.get(name) ?? { unreported: 0, reportedAtMs: Number.NEGATIVE_INFINITY };
    places.set(name, state);
    return { name, state };
  }

  #report(kind: ViolationKind, { name, state }: { name: string; state: Place }): void {
    if (state.unreported === 0 || this.#logger === undefined) return;
    const count = state.unreported;
    // Before the line is written: a contract without these fields would make the line itself a violation.
    state.unreported = 0;
    state.reportedAtMs = this.#now();
    this.#logger.warn('outside the contract', { reason: kind, place: name, count });
  }
}
