import type { Telemetry } from '@ibex/telemetry';
import { ApiError } from '../api-error.ts';
import type { ModelRequest } from '../dialects/model-request.ts';
import { type JsonObject, quote } from '../json.ts';
import { createThrottle } from '../throttle.ts';
import { itemsAfter } from './continue.ts';
import type { ConversationStore, ConversationTurn, TurnKey } from './conversation-store.ts';
import { resolveReferences } from './item-references.ts';

const noticeEveryMs = 60_000;
const retryAfterSeconds = 2;

/** The conversations of all organisations, as endpoints see them: what goes wrong is an answer to a client. */
export class Conversations {
  readonly #store: ConversationStore;
  readonly #reportOutage: (error: unknown) => void;

  constructor(store: ConversationStore, { logger }: Telemetry) {
    this.#store = store;
    this.#reportOutage = createThrottle(noticeEveryMs, (error, suppressed) => {
      logger.error('conversation store failed', { dependency: store.backend, error, count: suppressed + 1 });
    });
  }

  /**
   * The turn of that id.
   *
   * @throws {ApiError} 404, or 503 when the store cannot be asked.
   */
  async find(key: TurnKey): Promise<ConversationTurn> {
    const turn = await this.#ask(() => this.#store.get(key));
    if (turn !== undefined) return turn;
    throw this.#notFound(key);
  }

  /**
   * The turn a request goes on from.
   *
   * @throws {ApiError} 400, or 503 when the store cannot be asked.
   */
  async findPrevious(key: TurnKey): Promise<ConversationTurn> {
    const turn = await this.#ask(() => this.#store.get(key));
    if (turn !== undefined) return turn;
    throw new ApiError(400, {
      type: 'invalid_request_error',
      code: 'previous_response_not_found',
      message: `There is no response ${quote(key.responseId)} to go on from: it was never stored, has expired or was deleted. Send the conversation as input.`,
      param: 'previous_response_id',
    });
  }

  /**
   * The request with the items it refers to in the place of the references.
   *
   * @throws {ApiError} 400 naming the reference that leads nowhere, or 503 when the store cannot be asked.
   */
  resolve(request: ModelRequest, orgId: string): Promise<ModelRequest> {
    return resolveReferences(request, (itemId) => this.#ask(() => this.#store.findByItem({ orgId, itemId })));
  }

  /** @throws {ApiError} 404, or 503 when the store cannot be asked. */
  async delete(key: TurnKey): Promise<void> {
    if (!(await this.#ask(() => this.#store.delete(key)))) throw this.#notFound(key);
  }

  /** Keeps an answer. The client gets it all the same when that fails: it only cannot go on from it. */
  async keep(
    request: ModelRequest,
    { orgId, response }: { orgId: string; response: JsonObject },
  ): Promise<void> {
    try {
      await this.#store.create({
        responseId: String(response.id),
        orgId,
        model: request.model,
        items: itemsAfter(request, response),
        response,
        createdUnixMs: Date.now(),
      });
    } catch (error) {
      this.#reportOutage(error);
    }
  }

  async #ask<Result>(ask: () => Promise<Result>): Promise<Result> {
    try {
      return await ask();
    } catch (error) {
      this.#reportOutage(error);
      throw new ApiError(503, {
        type: 'api_error',
        code: 'conversations_unavailable',
        message:
          'Stored responses cannot be reached at present. Try again in a moment, or send the conversation as input.',
        headers: { 'retry-after': String(retryAfterSeconds), 'x-should-retry': 'true' },
        cause: error,
      });
    }
  }

  #notFound({ responseId }: TurnKey): ApiError {
    return new ApiError(404, {
      type: 'invalid_request_error',
      code: 'response_not_found',
      message: `There is no response ${quote(responseId)}: it was never stored, has expired or was deleted.`,
      param: 'response_id',
    });
  }
}
