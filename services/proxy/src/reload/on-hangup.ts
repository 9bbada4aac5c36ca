/** Calls `reload` at every SIGHUP until what is returned is called. */
export function onHangup(reload: () => Promise<void>): () => void {
  const listener = () => void reload();
  process.on('SIGHUP', listener);
  return () => process.off('SIGHUP', listener);
}
