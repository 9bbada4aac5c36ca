import { isObject, type JsonObject } from '../json.ts';

const maximumItems = 1_000;
const maximumIdLength = 256;

/** One answered request of a conversation, with all that a later one needs to go on from it. */
export interface ConversationTurn {
  /** The id of its response, by which a client names it as `previous_response_id`. */
  readonly responseId: string;
  /** The organisation it belongs to: no other finds it. */
  readonly orgId: string;
  readonly model: string;
  /** Every item of the conversation up to and including the answer, oldest first. */
  readonly items: readonly JsonObject[];
  /** The response as the client got it. */
  readonly response: JsonObject;
  readonly createdUnixMs: number;
}

/** Which turn is meant, and whose it is. */
export type TurnKey = Pick<ConversationTurn, 'orgId' | 'responseId'>;

/** Which item of an answer is meant, and whose it is. */
export interface ItemKey {
  readonly orgId: string;
  readonly itemId: string;
}

/**
 * Where conversations are kept. What it holds is bounded and expires. It writes no telemetry: `InstrumentedStore` does.
 * Every method rejects when the backend cannot be reached.
 */
export interface ConversationStore {
  /** The name in metrics and spans. */
  readonly backend: 'memory' | 'postgres' | 'redis';
  /** The turn; undefined when there is none, when it has expired, and when it is another organisation's. */
  get(key: TurnKey): Promise<ConversationTurn | undefined>;
  /** The turn whose answer has the item of that id; undefined as with `get`. */
  findByItem(key: ItemKey): Promise<ConversationTurn | undefined>;
  /**
   * Keeps a turn, to be found by its response and by each item of its answer.
   *
   * @throws {TurnTooLargeError} when it is larger than the store takes.
   */
  create(turn: ConversationTurn): Promise<void>;
  /** Whether there was one to delete. */
  delete(key: TurnKey): Promise<boolean>;
  /** Turns held at present, for a gauge: of the whole backend. */
  count(): Promise<number>;
  close(): Promise<void>;
}

/** The ids of the items of a turn's answer, by which it can be found; of a very long answer the first ones. */
export function itemIdsOf({ response }: Pick<ConversationTurn, 'response'>): readonly string[] {
  const output: readonly unknown[] = Array.isArray(response.output) ? response.output : [];
  const ids = output.filter(isObject).map(({ id }) => id);
  return ids
    .filter((id) => typeof id === 'string')
    .filter((id) => id !== '' && id.length <= maximumIdLength)
    .slice(0, maximumItems);
}

/** A turn that a store does not take because of its size. */
export class TurnTooLargeError extends Error {
  override readonly name = 'TurnTooLargeError';

  constructor(bytes: number, limitBytes: number) {
    super(`a turn of a conversation may have ${limitBytes} bytes: this one has ${bytes}`);
  }
}
