import { type ApiError, invalidRequest } from '../api-error.ts';
import { type ModelRequest, withBody } from '../dialects/model-request.ts';
import { readItems } from '../dialects/responses/items.ts';
import { isObject, type JsonObject, quote } from '../json.ts';
import { isTellable } from './continue.ts';
import type { ConversationTurn } from './conversation-store.ts';

/** Turns that are looked for at most for one request; the last of a conversation has all items before it. */
const maximumLookups = 32;

/** Finds the turn whose answer has the item of that id. */
export type FindByItem = (itemId: string) => Promise<ConversationTurn | undefined>;

function isReference({ type }: JsonObject): boolean {
  return type === 'item_reference';
}

/** Every item a turn knows, by its id. */
function addItems(known: Map<string, JsonObject>, { items, response }: ConversationTurn): void {
  const output: readonly unknown[] = Array.isArray(response.output) ? response.output : [];
  for (const item of [...items, ...output]) {
    if (isObject(item) && typeof item.id === 'string') known.set(item.id, item);
  }
}

/** The items of these ids, as far as they were kept. */
async function findItems(
  ids: readonly string[],
  findByItem: FindByItem,
): Promise<ReadonlyMap<string, JsonObject>> {
  const known = new Map<string, JsonObject>();
  let lookups = 0;
  // From the last on, since its turn usually has the others as well.
  for (const id of ids.toReversed()) {
    if (known.has(id)) continue;
    lookups += 1;
    const turn = lookups > maximumLookups ? undefined : await findByItem(id);
    if (turn === undefined) break;
    addItems(known, turn);
  }
  return known;
}

function notFound(id: unknown, index: number): ApiError {
  const param = `input[${index}].id`;
  return invalidRequest(
    `${param} refers to an item that is not kept: there is no ${quote(String(id))}, it has expired or was deleted, or its response was not to be stored. Send the item itself.`,
    { param, code: 'item_not_found' },
  );
}

/**
 * The request with the items that it refers to by their ids (`item_reference`) in the place of the references. Thoughts
 * that nobody can be told again are left out.
 *
 * @throws {ApiError} 400 naming the reference that leads nowhere.
 */
export async function resolveReferences(
  request: ModelRequest,
  findByItem: FindByItem,
): Promise<ModelRequest> {
  if (!Array.isArray(request.body.input)) return request;
  const items = readItems(request.body.input);
  const references = items.filter(isReference);
  if (references.length === 0) return request;
  const known = await findItems(
    references.map(({ id }) => String(id)),
    findByItem,
  );
  const resolved = items.map((item, index) => {
    if (!isReference(item)) return item;
    const found = known.get(String(item.id));
    if (found === undefined) throw notFound(item.id, index);
    return found;
  });
  return withBody(request, { ...request.body, input: resolved.filter(isTellable) });
}
