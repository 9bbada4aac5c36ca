/** Billable tokens of one call. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Who counted the tokens: the provider, the gateway by rule of thumb, or nobody (which is not zero). */
export type UsageSource = 'provider' | 'estimated' | 'absent';

/** What a provider tells about one call while it runs. */
export class CallReport {
  readonly requestId: string;
  /** Aborts when the client left or the time is up; its reason is a `ProviderFailure`. */
  readonly signal: AbortSignal;
  usage: Usage | undefined;
  usageSource: UsageSource = 'absent';
  responseId: string | undefined;
  responseModel: string | undefined;
  readonly finishReasons: string[] = [];
  /** Data events of a stream, without `[DONE]`. */
  chunkCount = 0;
  /** `performance.now()` of the first chunk that carries a part of the answer. */
  firstTokenAt: number | undefined;

  constructor(options: { readonly requestId: string; readonly signal: AbortSignal }) {
    this.requestId = options.requestId;
    this.signal = options.signal;
  }

  /** Counts a chunk; the first with a part of the answer stops the clock of the time to first byte. */
  countChunk(carriesAnswer: boolean): void {
    this.chunkCount += 1;
    if (carriesAnswer) this.firstTokenAt ??= performance.now();
  }

  /** Takes token counts with their source. */
  countTokens(usage: Usage, source: UsageSource): void {
    this.usage = usage;
    this.usageSource = source;
  }
}
