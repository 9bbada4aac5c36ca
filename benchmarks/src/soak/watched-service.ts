import { once } from 'node:events';
import { type Service, startService } from '../../../tests/src/faults/harness/service.ts';

const answerTimeoutMs = 10_000;
const imported = new URL('./collect-garbage.ts', import.meta.url).href;

/** What a service keeps when all garbage is collected. */
export interface KeptMemory {
  readonly heapBytes: number;
  /** Outside of V8's heap, as far as V8 knows of it: buffers, compiled WebAssembly and its memory. */
  readonly externalBytes: number;
}

export interface WatchedService extends Service {
  /** Has it collect its garbage. */
  collect(): Promise<KeptMemory>;
}

/** Starts a service whose garbage can be collected from outside. */
export async function startWatched(
  name: 'proxy' | 'auth',
  environment: Readonly<Record<string, string>>,
  options: { readonly flags?: string; readonly onLine?: (line: string) => void },
): Promise<WatchedService> {
  const { flags = '', onLine } = options;
  const lines = new EventTarget();
  const nodeOptions = `--expose-gc --import=${imported} ${flags}`;
  const service = await startService(name, { ...environment, NODE_OPTIONS: nodeOptions }, (line) => {
    if (line.includes('"garbage collected"')) lines.dispatchEvent(new CustomEvent('kept', { detail: line }));
    else onLine?.(line);
  });
  const collect = async () => {
    const answer = once(lines, 'kept', { signal: AbortSignal.timeout(answerTimeoutMs) });
    process.kill(service.pid, 'SIGUSR2');
    const [{ detail }] = (await answer) as [CustomEvent<string>];
    return JSON.parse(detail) as KeptMemory;
  };
  return { ...service, collect };
}
