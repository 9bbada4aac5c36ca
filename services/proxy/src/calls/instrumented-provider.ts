import type { Telemetry } from '@ibex/telemetry';
import { runInScope } from '@ibex/telemetry/context';
import type { Dialect } from '../dialects/dialect.ts';
import type { ModelRequest } from '../dialects/model-request.ts';
import type { CallReport } from '../providers/call-report.ts';
import type { Provider } from '../providers/provider.ts';
import type { CallOperation, CallSink } from './call-end.ts';
import type { CallsInFlight } from './calls-in-flight.ts';
import { RecordedCall } from './recorded-call.ts';

export interface InstrumentedProviderParts {
  readonly telemetry: Telemetry;
  readonly calls: CallsInFlight;
  /** Get the one record of the end of every call. */
  readonly sinks: readonly CallSink[];
}

/**
 * Any provider, with all telemetry of its calls: a span `provider.generate` or `provider.generate_stream`, and one record
 * at the end from which metrics, span, log line and ledger are made. The author of a provider writes none of it.
 */
export class InstrumentedProvider implements Provider {
  readonly name: string;
  readonly models: readonly string[];
  readonly dialects: readonly Dialect[];
  readonly #provider: Provider;
  readonly #parts: InstrumentedProviderParts;

  constructor(provider: Provider, parts: InstrumentedProviderParts) {
    this.name = provider.name;
    this.models = provider.models;
    this.dialects = provider.dialects;
    this.#provider = provider;
    this.#parts = parts;
  }

  async generate(request: ModelRequest, report: CallReport): Promise<Uint8Array> {
    const call = this.#begin('generate', request, report);
    try {
      const answer = await runInScope({ span: call.span }, () => this.#provider.generate(request, report));
      call.end();
      return answer;
    } catch (error) {
      throw call.fail(error);
    }
  }

  async stream(request: ModelRequest, report: CallReport): Promise<AsyncIterable<Uint8Array>> {
    const call = this.#begin('generate_stream', request, report);
    try {
      const events = await runInScope({ span: call.span }, () => this.#provider.stream(request, report));
      call.startStream();
      return observe(events, call);
    } catch (error) {
      throw call.fail(error);
    }
  }

  async close(): Promise<void> {
    await this.#provider.close();
  }

  #begin(operation: CallOperation, request: ModelRequest, report: CallReport): RecordedCall {
    return new RecordedCall({ operation, request, report, provider: this.name, ...this.#parts });
  }
}

async function* observe(
  events: AsyncIterable<Uint8Array>,
  call: RecordedCall,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* events;
    call.end();
  } catch (error) {
    throw call.fail(error);
  }
}
