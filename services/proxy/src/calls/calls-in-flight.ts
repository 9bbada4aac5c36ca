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

/** The registry of calls under way. */
export class CallsInFlight implements InFlight {
  readonly #calls = new Set<RegisteredCall>();
  readonly #onChange: (call: RegisteredCall, change: 1 | -1) => void;

  #stopping = false;

  constructor(onChange: (call: RegisteredCall, change: 1 | -1) => void = () => undefined) {
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#calls.size;
  }

  add(call: RegisteredCall): void {
    this.#calls.add(call);
    this.#onChange(call, 1);
    if (this.#stopping) call.report.abort(failureOf('gateway_stopping', call.report));
  }

  remove(call: RegisteredCall): void {
    if (this.#calls.delete(call)) this.#onChange(call, -1);
  }

  list(limit: number, orgId?: string): readonly CallInFlight[] {
    const now = performance.now();
    const calls: CallInFlight[] = [];
    for (const call of this.#calls) {
      if (calls.length >= limit) break;
      if (isOf(call, orgId)) calls.push(describe(call, now));
    }
    return calls;
  }

  kill(requestId: string, orgId?: string): number {
    const killed = [...this.#calls].filter(
      (call) => call.report.requestId === requestId && isOf(call, orgId),
    );
    for (const { report } of killed) report.abort(failureOf('killed', report));
    return killed.length;
  }

  /** Ends every call, and those that come still, with an error that says why. */
  abortAll(): void {
    this.#stopping = true;
    for (const { report } of this.#calls) report.abort(failureOf('gateway_stopping', report));
  }
}

function failureOf(kind: 'killed' | 'gateway_stopping', { served }: CallReport): ProviderFailure {
  return new ProviderFailure(kind, { provider: served?.provider ?? 'none' });
}
