import type { CallReport } from '../providers/call-report.ts';
import { ProviderFailure } from '../providers/failure.ts';

/** The calls that are under way, so that a stopping gateway can end them properly. Bounded by open connections. */
export class CallsInFlight {
  readonly #calls = new Set<CallReport>();

  add(call: CallReport): void {
    this.#calls.add(call);
  }

  remove(call: CallReport): void {
    this.#calls.delete(call);
  }

  /** Ends every call with an error that says why. */
  abortAll(): void {
    for (const call of this.#calls) {
      call.abort(new ProviderFailure('gateway_stopping', { provider: call.served?.provider ?? 'none' }));
    }
  }
}
