import type { Sanitiser } from '@ibex/telemetry/privacy';
import { describeError } from './describe-error.ts';

/** Resolves when the dependency can be used; what it throws says why not. A returned text is shown as detail. */
export type DependencyCheck = () => Promise<unknown>;

export interface Readiness {
  readonly status: 'ready' | 'not_ready';
  /** Why it is not ready, where that is no matter of a dependency. */
  readonly detail?: string;
  readonly dependencies: Readonly<
    Record<string, { readonly state: 'ready' | 'not_ready'; readonly detail?: string }>
  >;
}

const checkTimeoutMs = 2_000;

/** Asks every dependency at once; none is waited for longer than two seconds. */
export async function checkReadiness(
  dependencies: Readonly<Record<string, DependencyCheck>>,
  sanitiser: Sanitiser,
): Promise<Readiness> {
  const entries = await Promise.all(
    Object.entries(dependencies).map(async ([name, check]) => {
      try {
        const detail = await bounded(check);
        return [
          name,
          typeof detail === 'string' ? { state: 'ready' as const, detail } : { state: 'ready' as const },
        ] as const;
      } catch (error) {
        const detail = sanitiser.redactText(describeError(error));
        return [name, { state: 'not_ready' as const, detail }] as const;
      }
    }),
  );
  const ready = entries.every(([, { state }]) => state === 'ready');
  return { status: ready ? 'ready' : 'not_ready', dependencies: Object.fromEntries(entries) };
}

/** The same for a service that is not ready by itself. */
export function notReady({ dependencies }: Readiness, detail: string): Readiness {
  return { status: 'not_ready', detail, dependencies };
}

async function bounded(check: DependencyCheck): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${checkTimeoutMs} ms`)), checkTimeoutMs);
  });
  try {
    return await Promise.race([check(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
