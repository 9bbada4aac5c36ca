import type { CallReport } from '../providers/call-report.ts';
import { ProviderFailure } from '../providers/failure.ts';
import type { CallOperation } from './call-end.ts';

/** A call under way, as an administrator sees it. */
export interface CallInFlight {
  readonly requestId: string;
  readonly orgId: string | undefined;
  readonly agentId: string | undefined;
  readonly dialect: string;
  readonly operation: CallOperation;
  /** As the client asked for it. */
  readonly model: string;
  /** Who is being asked, and the model by its name there. */
  readonly provider: string | undefined;
  readonly upstreamModel: string | undefined;
  readonly ageMs: number;
  /** From the beginning of the call; undefined while there was none. */
  readonly firstTokenMs: number | undefined;
  /** Events of the stream so far. */
  readonly chunks: number;
  /** As far as the provider has told them. */
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  /** The attempts made so far. */
  readonly attempts: number;
  /** `slow` while the client does not take what was sent; `left` while its stream is drained. */
  readonly client: 'connected' | 'slow' | 'left';
}

/** The calls under way. Bounded by open connections, and by the drains that outlive them. */
export interface InFlight {
  /** The oldest first, at most `limit` of them; of one organisation, where one is named. */
  list(limit: number, orgId?: string): readonly CallInFlight[];
  readonly size: number;
  /** Whose calls a request has under way; of one organisation, where one is named. */
  organisationsOf(requestId: string, orgId?: string): readonly string[];
  /**
   * Ends the calls of a request, of one organisation where one is named: clients may choose the same id. The client gets an
   * error that says so. Returns how many there were.
   */
  kill(requestId: string, orgId?: string): number;
}

/** A call in the registry. */
export interface RegisteredCall {
  readonly operation: CallOperation;
  readonly report: CallReport;
  /** `performance.now()` of its beginning. */
  readonly startedAt: number;
}

function clientOf(report: CallReport): CallInFlight['client'] {
  if (report.clientLeft) return 'left';
  return report.waitsForClient ? 'slow' : 'connected';
}

function describe({ operation, report, startedAt }: RegisteredCall, now: number): CallInFlight {
  const { origin, answer, served } = report;
  return {
    requestId: origin.requestId,
    orgId: origin.caller?.orgId,
    agentId: origin.agentId,
    dialect: origin.dialect,
    operation,
    model: origin.model,
    provider: served?.provider,
    upstreamModel: served?.model,
    ageMs: now - startedAt,
    firstTokenMs: answer.firstTokenAt === undefined ? undefined : answer.firstTokenAt - startedAt,
    chunks: answer.chunkCount,
    inputTokens: answer.usage?.inputTokens,
    outputTokens: answer.usage?.outputTokens,
    attempts: report.attemptCount,
    client: clientOf(report),
  };
}

function isOf({ report }: RegisteredCall, orgId: string | undefined): boolean {
  return orgId === undefined || report.origin.caller?.orgId === orgId;
}

/** A call and where it lies. */
interface Entry {
  readonly call: RegisteredCall;
  place: number;
}

/**
 * The registry of calls under way, in a list without gaps. A `Set` that much goes in and out of replaces its table over and
 * over, and V8 has old tables point to new ones: a dead one in the old generation kept nearly every call of the last
 * seconds, 6.5 of 12 KB a request that each collection had to copy.
 */
export class CallsInFlight implements InFlight {
  readonly #entries: Entry[] = [];
  readonly #onChange: (call: RegisteredCall, change: 1 | -1) => void;
  #stopping = false;

  constructor(onChange: (call: RegisteredCall, change: 1 | -1) => void = () => undefined) {
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Takes a call in; what is returned takes it out, once. */
  add(call: RegisteredCall): () => void {
    const entry = { call, place: this.#entries.length };
    this.#entries.push(entry);
    this.#onChange(call, 1);
    if (this.#stopping) call.report.abort(failureOf('gateway_stopping', call.report));
    return () => this.#remove(entry);
  }

  list(limit: number, orgId?: string): readonly CallInFlight[] {
    const now = performance.now();
    return this.#callsOf(orgId)
      .toSorted((one, other) => one.startedAt - other.startedAt)
      .slice(0, limit)
      .map((call) => describe(call, now));
  }

  organisationsOf(requestId: string, orgId?: string): readonly string[] {
    const ids = this.#callsOfRequest(requestId, orgId).map(({ report }) => report.origin.caller?.orgId);
    return [...new Set(ids)].filter((id) => id !== undefined);
  }

  kill(requestId: string, orgId?: string): number {
    const killed = this.#callsOfRequest(requestId, orgId);
    for (const { report } of killed) report.abort(failureOf('killed', report));
    return killed.length;
  }

  /** Ends every call, and those that come still, with an error that says why. */
  abortAll(): void {
    this.#stopping = true;
    for (const { report } of this.#callsOf(undefined)) report.abort(failureOf('gateway_stopping', report));
  }

  #callsOfRequest(requestId: string, orgId: string | undefined): RegisteredCall[] {
    return this.#callsOf(orgId).filter(({ report }) => report.requestId === requestId);
  }

  #callsOf(orgId: string | undefined): RegisteredCall[] {
    return this.#entries.map(({ call }) => call).filter((call) => isOf(call, orgId));
  }

  /** The last one takes its place. */
  #remove(entry: Entry): void {
    if (this.#entries[entry.place] !== entry) return;
    const last = this.#entries.pop();
    if (last !== undefined && last !== entry) {
      this.#entries[entry.place] = last;
      last.place = entry.place;
    }
    this.#onChange(entry.call, -1);
  }
}

function failureOf(kind: 'killed' | 'gateway_stopping', { served }: CallReport): ProviderFailure {
  return new ProviderFailure(kind, { provider: served?.provider ?? 'none' });
}
