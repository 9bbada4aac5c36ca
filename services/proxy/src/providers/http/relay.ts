import { textLength } from '../../calls/estimate-usage.ts';
import type { Observer } from '../../dialects/observer.ts';
import { isObject, type JsonObject } from '../../json.ts';
import { readEvent } from '../../sse/event.ts';
import { EventSplitter, EventTooLargeError } from '../../sse/event-splitter.ts';
import type { CallReport } from '../call-report.ts';
import { ProviderFailure } from '../failure.ts';
import { reportedError } from '../read-failure.ts';

/** After the last event the end of the body is due at once; a provider that withholds it loses its connection. */
const endAfterDoneMs = 250;

export interface RelayOptions {
  readonly provider: string;
  readonly report: CallReport;
  /** Reads the events' dialect. */
  readonly observer: Observer;
  readonly stripUsage: boolean;
  /** Largest event taken. */
  readonly eventLimitBytes: number;
  readonly redact: (text: string) => string;
  /** Turns what the body throws into a failure. */
  readonly asFailure: (error: unknown) => unknown;
  /** Lets go of the connection; nothing to do when the body has ended. */
  readonly cut: () => void;
}

/** Reads a provider's events on their way through. */
class EventObserver {
  done = false;
  readonly #options: RelayOptions;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Counts time of the gateway itself. */
  spent(durationMs: number): void {
    this.#options.report.answer.ownMs += durationMs;
  }

  /** Whether the client gets the event. Throws a `ProviderFailure` for what ends the stream. */
  passes(event: Uint8Array): boolean {
    const { name, data } = readEvent(event);
    if (data === undefined) return true;
    const { report, stripUsage, observer } = this.#options;
    if (observer.endMarker !== undefined && data.trim() === observer.endMarker) {
      this.done = true;
      return true;
    }
    const body = this.#parse(data);
    const kind = observer.event({ name, body }, report);
    if (kind === 'error') throw reportedError(body, this.#options);
    if (kind === 'usage' && stripUsage) return false;
    if (kind === 'end') this.done = true;
    report.answer.countChunk(kind === 'answer');
    if (report.estimatesUsage && kind === 'answer') report.answer.textLength += textLength(body);
    return true;
  }

  #parse(data: string): JsonObject {
    try {
      const body: unknown = JSON.parse(data);
      if (isObject(body)) return body;
    } catch {
      // Answered below, together with JSON that is no object.
    }
    const { provider } = this.#options;
    throw new ProviderFailure('invalid_response', {
      provider,
      detail: 'an event of the stream is not a JSON object.',
    });
  }
}

/**
 * Passes a provider's stream on byte by byte, whole events at a time, while reading usage, ids and timing from it. Only
 * the usage chunk that the gateway itself asked for is left out.
 *
 * @throws {ProviderFailure} when the stream breaks off, reports an error, or cannot be read. What was complete by then
 * has been passed on.
 */
export async function* relayStream(
  body: AsyncIterable<Uint8Array>,
  options: RelayOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const splitter = new EventSplitter({ limitBytes: options.eventLimitBytes });
  const observer = new EventObserver(options);
  const chunks = body[Symbol.asyncIterator]();
  try {
    while (!observer.done) {
      const chunk = await nextChunk(chunks, options);
      if (chunk === undefined) break;
      yield* passEvents(split(splitter, { chunk, options }), observer);
    }
    if (observer.done) await nextWithin(chunks, endAfterDoneMs);
    else yield* finalEvent(splitter.rest(), { observer, options });
  } finally {
    // Not the iterator's own `return`: it would wait for a read under way.
    options.cut();
  }
}

/** The events that the client gets, in one piece; what came before a failure is passed on first. */
function* passEvents(events: readonly Uint8Array[], observer: EventObserver): Generator<Uint8Array> {
  const startedAt = performance.now();
  const passed: Uint8Array[] = [];
  let failure: unknown;
  for (const event of events) {
    try {
      if (observer.passes(event)) passed.push(event);
    } catch (error) {
      failure = error;
    }
    if (observer.done || failure !== undefined) break;
  }
  observer.spent(performance.now() - startedAt);
  if (passed.length > 0) yield passed.length === 1 && passed[0] ? passed[0] : Buffer.concat(passed);
  if (failure !== undefined) throw failure;
}

async function nextChunk(
  chunks: AsyncIterator<Uint8Array>,
  { asFailure }: RelayOptions,
): Promise<Uint8Array | undefined> {
  try {
    const result = await chunks.next();
    return result.done ? undefined : result.value;
  } catch (error) {
    throw asFailure(error);
  }
}

function split(
  splitter: EventSplitter,
  { chunk, options }: { chunk: Uint8Array; options: RelayOptions },
): Uint8Array[] {
  try {
    return splitter.push(chunk);
  } catch (error) {
    if (!(error instanceof EventTooLargeError)) throw error;
    throw new ProviderFailure('response_too_large', {
      provider: options.provider,
      detail: `${error.message}.`,
    });
  }
}

/** What is left at the end of a body that nothing marked as such: fine when the answer was finished, else it broke off. */
function* finalEvent(
  rest: Uint8Array,
  { observer, options }: { observer: EventObserver; options: RelayOptions },
): Generator<Uint8Array> {
  const { provider, report } = options;
  let passes = false;
  try {
    passes = rest.length > 0 && observer.passes(rest);
  } catch (error) {
    if (error instanceof ProviderFailure && error.kind === 'in_band_error') throw error;
  }
  if (!observer.done && report.answer.finishReasons.length === 0) {
    throw new ProviderFailure('reset', { provider, detail: 'the stream ended before the answer did.' });
  }
  // Some servers leave out the last empty line.
  if (passes) yield Buffer.concat([rest, Buffer.from('\n\n')]);
}

async function nextWithin(chunks: AsyncIterator<Uint8Array>, timeoutMs: number): Promise<void> {
  const { promise: timeUp, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeoutMs);
  // The answer is complete: what becomes of the rest is of no interest.
  await Promise.race([chunks.next().catch(() => undefined), timeUp]);
  clearTimeout(timer);
}
