import { type ConversationTurn, TurnTooLargeError } from './conversation-store.ts';

/**
 * A turn as the text that a store keeps.
 *
 * @throws {TurnTooLargeError} when it is larger than the store takes.
 */
export function writeTurn(turn: ConversationTurn, limitBytes: number): string {
  const text = JSON.stringify(turn);
  const bytes = Buffer.byteLength(text);
  if (bytes > limitBytes) throw new TurnTooLargeError(bytes, limitBytes);
  return text;
}

/** The turn of a text that `writeTurn` made. */
export function readTurn(text: string): ConversationTurn {
  return JSON.parse(text) as ConversationTurn;
}
