import type { Telemetry } from '@ibex/telemetry';
import type { Span } from '@ibex/telemetry/traces';
import type { ConversationStore, ConversationTurn, ItemKey, TurnKey } from './conversation-store.ts';

type Operation = 'get' | 'create' | 'delete';
type Status = 'ok' | 'not_found' | 'error';

/** Puts spans and metrics around a store, so that the author of one writes none. */
export class InstrumentedStore implements ConversationStore {
  readonly backend: ConversationStore['backend'];
  readonly #store: ConversationStore;
  readonly #telemetry: Telemetry;

  constructor(store: ConversationStore, telemetry: Telemetry) {
    this.backend = store.backend;
    this.#store = store;
    this.#telemetry = telemetry;
  }

  get(key: TurnKey): Promise<ConversationTurn | undefined> {
    return this.#find(key.responseId, () => this.#store.get(key));
  }

  findByItem(key: ItemKey): Promise<ConversationTurn | undefined> {
    // Which conversation it is of is known when it is found.
    return this.#find(undefined, () => this.#store.findByItem(key));
  }

  create(turn: ConversationTurn): Promise<void> {
    return this.#observe('create', turn.responseId, async (span) => {
      describe(span, turn);
      return { result: await this.#store.create(turn), status: 'ok' };
    });
  }

  delete(key: TurnKey): Promise<boolean> {
    return this.#observe('delete', key.responseId, async () => {
      const deleted = await this.#store.delete(key);
      return { result: deleted, status: deleted ? 'ok' : 'not_found' };
    });
  }

  /** Moves the gauge as well. */
  async count(): Promise<number> {
    const count = await this.#store.count();
    this.#telemetry.metrics.gauge('conversation_active_count').set({ backend: this.backend }, count);
    return count;
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  #find(
    id: string | undefined,
    find: () => Promise<ConversationTurn | undefined>,
  ): Promise<ConversationTurn | undefined> {
    return this.#observe('get', id, async (span) => {
      const turn = await find();
      describe(span, turn);
      return { result: turn, status: turn === undefined ? 'not_found' : 'ok' };
    });
  }

  async #observe<Result>(
    operation: Operation,
    id: string | undefined,
    run: (span: Span) => Promise<{ result: Result; status: Status }>,
  ): Promise<Result> {
    const startedAt = performance.now();
    const attributes = { 'conversation.id': id, 'conversation.backend': this.backend };
    let status: Status = 'error';
    try {
      return await this.#telemetry.tracer.withSpan(
        `conversation.${operation}`,
        { kind: 'client', attributes },
        async (span) => {
          const done = await run(span);
          status = done.status;
          return done.result;
        },
      );
    } finally {
      this.#record(operation, { status, seconds: (performance.now() - startedAt) / 1000 });
    }
  }

  #record(operation: Operation, { status, seconds }: { status: Status; seconds: number }): void {
    const { metrics } = this.#telemetry;
    const labels = { operation, backend: this.backend };
    metrics.counter('conversation_operations_total').increment({ ...labels, status });
    metrics.histogram('conversation_operation_duration_seconds').observe(labels, seconds);
  }
}

function describe(span: Span, turn: ConversationTurn | undefined): void {
  if (turn === undefined) return;
  span.setAttributes({
    'conversation.id': turn.responseId,
    'conversation.message_count': turn.items.length,
    'conversation.model': turn.model,
  });
}
