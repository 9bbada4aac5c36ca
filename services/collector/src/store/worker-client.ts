import { Worker } from 'node:worker_threads';
import type { EncodedBatch } from './encode.ts';
import { fromErrorMessage, StoreClosedError } from './errors.ts';
import type { ReadKind, Reads, Reply, Request, WorkerStatistics } from './protocol.ts';
import type { StoreOptions, StoreSettings } from './settings.ts';

/** The worker's own heap; DuckDB's buffers lie outside it. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 };

interface Pending {
  resolve: (result: never) => void;
  reject: (error: Error) => void;
}

type Handlers = Pick<StoreOptions, 'onFailure' | 'onWarning'>;

/** Sends requests to the worker and matches its replies to them. */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #handlers: Handlers;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #statistics: WorkerStatistics | undefined;
  #failure: Error | undefined;
  #isClosing = false;

  /** @throws {StoreOpenError} when the worker cannot open the database. */
  static open(settings: StoreSettings, handlers: Handlers): Promise<WorkerClient> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), {
        workerData: settings,
        name: 'telemetry-store',
        resourceLimits: RESOURCE_LIMITS,
      });
      const client = new WorkerClient(worker, handlers);
      worker.on('message', (reply: Reply) => {
        if (reply.type === 'opened') resolve(client);
        else if (reply.type === 'refused') {
          client.#isClosing = true;
          reject(fromErrorMessage(reply.error));
        } else client.#receive(reply);
      });
      worker.on('error', reject);
    });
  }

  private constructor(worker: Worker, handlers: Handlers) {
    this.#worker = worker;
    this.#handlers = handlers;
    worker.on('error', (error) => this.#fail(toError(error)));
    worker.on('exit', (code) => this.#fail(new Error(`The store's worker ended with code ${code}`)));
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  /** As of the worker's last report. */
  get statistics(): WorkerStatistics {
    if (this.#statistics === undefined) throw new Error('The worker reports before it is open');
    return this.#statistics;
  }

  append(batch: EncodedBatch): Promise<void> {
    return this.#request((id) => ({ type: 'append', id, batch }));
  }

  read<Kind extends ReadKind>(kind: Kind, query: Reads[Kind]['query']): Promise<Reads[Kind]['result']> {
    return this.#request((id) => ({ type: 'read', id, kind, query }) as Request);
  }

  async close(): Promise<void> {
    await this.#request<void>((id) => ({ type: 'close', id }));
    this.#isClosing = true;
    await this.#worker.terminate();
  }

  #request<Result>(make: (id: number) => Request): Promise<Result> {
    if (this.#failure !== undefined) return Promise.reject(this.#closedError(this.#failure));
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage(make(id));
    });
  }

  #receive(reply: Exclude<Reply, { type: 'opened' | 'refused' }>): void {
    switch (reply.type) {
      case 'statistics':
        this.#statistics = reply.statistics;
        return;
      case 'warning':
        this.#handlers.onWarning?.(fromErrorMessage(reply.error));
        return;
      case 'done':
        this.#take(reply.id)?.resolve(reply.result as never);
        return;
      case 'failed':
        this.#take(reply.id)?.reject(fromErrorMessage(reply.error));
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    for (const { reject } of this.#pending.values()) reject(this.#closedError(error));
    this.#pending.clear();
    if (!this.#isClosing) this.#handlers.onFailure?.(error);
  }

  #closedError(cause: Error): StoreClosedError {
    const reason = this.#isClosing ? 'was closed' : `has failed (${cause.message}): restart the collector`;
    return new StoreClosedError(`The telemetry store ${reason}`);
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
