import { currentSpan } from '@ibex/telemetry/context';
import { excerpt } from '@ibex/telemetry/privacy';
import type { Span } from '@ibex/telemetry/traces';
import type { ModelRequest } from '../dialects/model-request.ts';
import type { CallReport } from '../providers/call-report.ts';
import { WrappingProvider } from '../providers/wrapping-provider.ts';

/** Most characters that a span keeps of a request, and as many of its answer. */
const maximumCharacters = 16 * 1024;
/** What is read to find them: more than is kept, so that no secret is cut in two before it is found. */
const readBytes = 2 * maximumCharacters;

/**
 * Puts what was asked and what was answered on the span of a call, as client and gateway wrote it, without secrets and cut:
 * for organisations that have it switched on, and for no other.
 */
export class CapturingProvider extends WrappingProvider {
  generate(request: ModelRequest, report: CallReport): Promise<Uint8Array> {
    const capture = this.#begin(request, report);
    const answer = this.inner.generate(request, report);
    return capture === undefined ? answer : answer.then((bytes) => capture.take(bytes));
  }

  stream(request: ModelRequest, report: CallReport): Promise<AsyncIterable<Uint8Array>> {
    const capture = this.#begin(request, report);
    const answer = this.inner.stream(request, report);
    return capture === undefined ? answer : answer.then((events) => capture.watch(events));
  }

  #begin({ bytes }: ModelRequest, report: CallReport): Capture | undefined {
    const span = currentSpan();
    if (span === undefined || report.origin.caller?.verdict.captureContent !== true) return undefined;
    span.setAttribute('ibex.content.request', excerptOf([bytes]));
    const capture = new Capture();
    report.onEnd(() => capture.describe(span));
    return capture;
  }
}

/** Secrets are taken out before the text is cut. */
function excerptOf(pieces: readonly Uint8Array[]): string {
  const text = Buffer.concat(pieces.map((piece) => piece.subarray(0, readBytes))).toString('utf8');
  return excerpt(text, maximumCharacters);
}

/** The beginning of one answer. */
class Capture {
  readonly #pieces: Uint8Array[] = [];
  #bytes = 0;

  /** Keeps of a piece what there is room for, and returns the piece. */
  take(piece: Uint8Array): Uint8Array {
    if (this.#bytes >= readBytes) return piece;
    // A copy: what was passed on may be written over.
    const kept = Buffer.from(piece.subarray(0, readBytes - this.#bytes));
    this.#bytes += kept.length;
    this.#pieces.push(kept);
    return piece;
  }

  async *watch(events: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of events) yield this.take(piece);
  }

  describe(span: Span): void {
    if (this.#bytes > 0) span.setAttribute('ibex.content.answer', excerptOf(this.#pieces));
  }
}
