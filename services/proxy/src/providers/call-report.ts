import { excerpt } from '@ibex/telemetry/privacy';
import type { CallOrigin } from '../calls/call-origin.ts';
import { StreamPace } from '../calls/observed-stream.ts';
import type { ProviderFailure } from './failure.ts';
import type { ProviderTimeouts } from './provider.ts';

/** Billable tokens of one call. Input includes what was read from or written to a cache; output includes reasoning. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens?: number | undefined;
  readonly cacheWriteTokens?: number | undefined;
  readonly reasoningTokens?: number | undefined;
}

/** Who counted the tokens: the provider, the gateway by rule of thumb, or nobody (which is not zero). */
export type UsageSource = 'provider' | 'estimated' | 'absent';

const maximumNameLength = 200;
const maximumFinishReasons = 128;

function name(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? excerpt(value, maximumNameLength) : undefined;
}

/** What is known of one answer while it comes in. */
export class AnswerFacts {
  usage: Usage | undefined;
  usageSource: UsageSource = 'absent';
  responseId: string | undefined;
  responseModel: string | undefined;
  readonly finishReasons: string[] = [];
  /** Data events of a stream, without a marker of its end. */
  chunkCount = 0;
  /** `performance.now()` of the first chunk that carries a part of the answer. */
  firstTokenAt: number | undefined;
  /** Characters of the answer so far; counted only where the usage may have to be estimated. */
  textLength = 0;
  /** Milliseconds that the gateway itself spent on the answer, e.g. reading it, while it was waited for. */
  ownMs = 0;
  /** Headers of the provider's answer that the client gets. */
  headers: Readonly<Record<string, string>> | undefined;

  /** Takes id and model of the answer from where it says them first; of another type than text they are ignored. */
  name(responseId: unknown, responseModel: unknown): void {
    this.responseId ??= name(responseId);
    this.responseModel ??= name(responseModel);
  }

  /** Takes why the answer, or one of its choices, ended. */
  finish(reason: unknown): void {
    const known = name(reason);
    if (known !== undefined && this.finishReasons.length < maximumFinishReasons)
      this.finishReasons.push(known);
  }

  /** Counts a chunk; the first with a part of the answer stops the clock of the time to the first token. */
  countChunk(carriesAnswer: boolean): void {
    this.chunkCount += 1;
    if (carriesAnswer) this.firstTokenAt ??= performance.now();
  }

  /** Takes token counts with their source; undefined changes nothing. */
  countTokens(usage: Usage | undefined, source: UsageSource): void {
    if (usage === undefined) return;
    this.usage = usage;
    this.usageSource = source;
  }
}

/** Who was asked: the provider, and the model by its name there. */
export interface Served {
  readonly provider: string;
  readonly model: string;
  /** The model's name in metrics: names nobody configured share `other`. */
  readonly label: string;
}

/** What a provider is told about a call beside the request, and what it tells about it while it runs. */
export class CallReport {
  readonly origin: CallOrigin;
  /** Facts of the answer the client gets. */
  answer = new AnswerFacts();
  /** Who was asked last. */
  served: Served | undefined;
  /** How its stream goes. */
  readonly pace = new StreamPace();
  /** The client is gone, and the answer is read for its usage alone. */
  clientLeft = false;
  /** What was sent is still to be taken by the client. */
  waitsForClient = false;
  /** Whether the length of the answer is to be counted, for an estimate. */
  estimatesUsage = false;
  /** How many times a provider was asked. */
  attemptCount = 0;
  /** Stricter time-outs than the provider's own, for this attempt. */
  timeouts: Partial<Pick<ProviderTimeouts, 'headersMs' | 'idleMs'>> | undefined;
  #aborted: ProviderFailure | undefined;
  readonly #abortListeners: ((failure: ProviderFailure) => void)[] = [];
  #controller: AbortController | undefined;
  readonly #endListeners: ((failure: ProviderFailure | undefined) => void)[] = [];
  #end: { readonly failure: ProviderFailure | undefined } | undefined;

  constructor(origin: CallOrigin) {
    this.origin = origin;
  }

  /** Names the request in logs, spans and errors. */
  get requestId(): string {
    return this.origin.requestId;
  }

  /** Aborts when nobody wants the answer any more; its reason is a `ProviderFailure`. */
  get signal(): AbortSignal {
    // Made when it is asked for: a controller and its listeners take longer than all else here.
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted);
    }
    return this.#controller.signal;
  }

  /** Why nobody wants the answer any more; undefined while somebody does. */
  get aborted(): ProviderFailure | undefined {
    return this.#aborted;
  }

  /** Stops the call; whoever waits for it gets the failure. Later calls change nothing. */
  abort(failure: ProviderFailure): void {
    if (this.#aborted !== undefined) return;
    this.#aborted = failure;
    this.#controller?.abort(failure);
    for (const listener of this.#abortListeners.splice(0)) listener(failure);
  }

  /** Calls the listener when the call is stopped, or now if it was. */
  onAbort(listener: (failure: ProviderFailure) => void): void {
    if (this.#aborted === undefined) this.#abortListeners.push(listener);
    else listener(this.#aborted);
  }

  /** The client is gone; what is left of the answer is read for its usage. */
  leave(): void {
    this.clientLeft = true;
    const { record, model } = this.origin;
    if (record === undefined) return;
    record.logFields = { ...record.logFields, provider: this.served?.provider, model };
  }

  /** A report for one attempt of this call: it stops when the call does, and its answer is its own. */
  createAttempt(): CallReport {
    const attempt = new CallReport(this.origin);
    attempt.estimatesUsage = this.estimatesUsage;
    this.onAbort((failure) => attempt.abort(failure));
    return attempt;
  }

  /** Makes the attempt's answer the one of this call. */
  adopt(attempt: CallReport): void {
    this.answer = attempt.answer;
    this.served = attempt.served;
    this.onEnd((failure) => attempt.end(failure));
  }

  /** Calls the listener when the call ends, or now if it has, with the failure if it ended by one. */
  onEnd(listener: (failure: ProviderFailure | undefined) => void): void {
    if (this.#end === undefined) this.#endListeners.push(listener);
    else listener(this.#end.failure);
  }

  /** Tells the listeners that the call has ended; later calls change nothing. */
  end(failure: ProviderFailure | undefined): void {
    this.#end ??= { failure };
    for (const listener of this.#endListeners.splice(0)) listener(failure);
  }
}
