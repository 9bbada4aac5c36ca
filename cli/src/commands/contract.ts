import type { DispatchContext } from './dispatch.ts';

export async function contract(_args: readonly string[], _context: DispatchContext): Promise<number> {
  return 0;
}
