import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Replaces a file at once, readable by its owner only (0600): a reader sees the old content or the new. */
export function writePrivateFile(path: string, content: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  rmSync(draft, { force: true });
  writeFileSync(draft, content, { mode: 0o600, flag: 'wx' });
  renameSync(draft, path);
}

/** Makes a directory only its owner may enter (0700), also when it was there before with a wider mode. */
export function makePrivateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
}
