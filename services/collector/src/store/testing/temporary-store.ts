import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openStore } from '../open-store.ts';
import type { StoreOptions } from '../settings.ts';
import type { Store } from '../types.ts';

/** A directory that goes when the test ends. */
export async function temporaryDirectory(test: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'ibex-store-'));
  test.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A store in a directory of its own, closed when the test ends. */
export async function temporaryStore(
  test: TestContext,
  options: Partial<StoreOptions> = {},
): Promise<Store & { directory: string }> {
  const directory = options.directory ?? (await temporaryDirectory(test));
  const store = await openStore(withoutExpiry({ ...options, directory }));
  test.after(() => store.close());
  return Object.assign(store, { directory });
}

/** Test data is from a fixed day, which would expire while a test runs. */
export function withoutExpiry(options: StoreOptions): StoreOptions {
  const forever = 36_500;
  return { retention: { tracesDays: forever, logsDays: forever, metricsDays: forever }, ...options };
}
