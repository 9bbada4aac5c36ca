import type { Dispatcher } from 'undici';
import { keepHeader } from '../flight-recorder/keep-reason.ts';
import { describeThrown } from '../traces/exception.ts';
import type { Span } from '../traces/span.ts';

type Handler = Dispatcher.DispatchHandler;
type Controller = Dispatcher.DispatchController;

/** Told what the answer's `X-Ibex-Keep`, header or trailer, says of the trace. */
export type OnVerdict = (span: Span, verdict: unknown) => void;

/** Takes the place of a handler that has heard everything. */
const nobody: Handler = {};

/**
 * Ends the span when the response is complete or has failed; passes everything else through untouched. It lets go of
 * the handler at the end: undici's objects outlive their request, and what hangs on them is then copied from one
 * generation of the heap to the next, which costs more than everything else here.
 */
export class TracedHandler implements Handler {
  readonly #span: Span;
  readonly #onVerdict: OnVerdict | undefined;
  #handler: Handler;

  constructor(handler: Handler, { span, onVerdict }: { span: Span; onVerdict: OnVerdict | undefined }) {
    this.#handler = handler;
    this.#span = span;
    this.#onVerdict = onVerdict;
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.#handler.onRequestStart?.(controller, context);
  }

  onBodySent(chunk: Buffer): void {
    this.#handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.#handler.onRequestSent?.();
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.();
  }

  onRequestUpgrade(
    ...[controller, statusCode, headers, socket]: Parameters<NonNullable<Handler['onRequestUpgrade']>>
  ): void {
    this.#span.setAttribute('http.response.status_code', statusCode).end();
    this.#release().onRequestUpgrade?.(controller, statusCode, headers, socket);
  }

  onResponseStart(
    ...[controller, statusCode, headers, statusMessage]: Parameters<NonNullable<Handler['onResponseStart']>>
  ): void {
    this.#span.setAttribute('http.response.status_code', statusCode);
    if (headers[keepHeader] !== undefined) this.#onVerdict?.(this.#span, headers[keepHeader]);
    if (statusCode >= 400) {
      this.#span.setAttribute('error.type', String(statusCode)).setStatus('error', `HTTP ${statusCode}`);
    }
    this.#handler.onResponseStart?.(controller, statusCode, headers, statusMessage);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.#handler.onResponseData?.(controller, chunk);
  }

  onResponseEnd(
    controller: Controller,
    trailers: Parameters<NonNullable<Handler['onResponseEnd']>>[1],
  ): void {
    if (trailers[keepHeader] !== undefined) this.#onVerdict?.(this.#span, trailers[keepHeader]);
    this.#span.end();
    this.#release().onResponseEnd?.(controller, trailers);
  }

  onResponseError(controller: Controller, error: Error): void {
    failSpan(this.#span, error);
    this.#release().onResponseError?.(controller, error);
  }

  #release(): Handler {
    const handler = this.#handler;
    this.#handler = nobody;
    return handler;
  }
}

/** Ends the span of a request that failed. */
export function failSpan(span: Span, error: unknown): void {
  const { type, message } = describeThrown(error);
  span.setAttribute('error.type', type).setStatus('error', message).end();
}
