import type { Dialect } from '../dialects/dialect.ts';
import type { ModelRequest } from '../dialects/model-request.ts';
import type { CallReport } from './call-report.ts';
import type { Provider } from './provider.ts';

/** A provider around another one: name, models and connections are those of the inner one. */
export abstract class WrappingProvider implements Provider {
  readonly name: string;
  readonly models: readonly string[];
  readonly dialects: readonly Dialect[];
  protected readonly inner: Provider;

  constructor(inner: Provider, dialects: readonly Dialect[] = inner.dialects) {
    this.name = inner.name;
    this.models = inner.models;
    this.dialects = dialects;
    this.inner = inner;
  }

  abstract generate(request: ModelRequest, report: CallReport): Promise<Uint8Array>;
  abstract stream(request: ModelRequest, report: CallReport): Promise<AsyncIterable<Uint8Array>>;

  close(): Promise<void> {
    return this.inner.close();
  }
}
