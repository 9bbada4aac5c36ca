/** One part in this many goes at once. */
const dropShare = 16;

/**
 * Makes room in a map or set that has grown beyond its maximum: the oldest keys go, several at once, because finding the
 * oldest steps over all that were deleted before it.
 */
export function dropOldest<Key>(
  kept: Pick<Map<Key, unknown> | Set<Key>, 'size' | 'delete'> & { keys(): Iterable<Key> },
  maximum: number,
): void {
  if (kept.size <= maximum) return;
  let excess = kept.size - maximum + Math.floor(maximum / dropShare);
  for (const key of kept.keys()) {
    if (excess === 0) return;
    kept.delete(key);
    excess -= 1;
  }
}
