import { ConfigError } from '@ibex/telemetry';
import { describeError } from './describe-error.ts';
import type { Server } from './run-service.ts';
import { SettingsError } from './settings-error.ts';

const advices: readonly (readonly [code: string, advice: string])[] = [
  ['EADDRINUSE', 'Stop what uses the port, or give this service another one'],
  ['EACCES', 'Give this service a port it may use, 1024 or above'],
  ['EADDRNOTAVAIL', 'Give this service an address of this machine to listen on'],
  ['ENOTSUP', 'Processes can share a port on Linux: elsewhere give each one of its own'],
];

/** A server that could not begin to listen; the message names it, the address, and what to do. */
export class ListenError extends Error {
  override name = 'ListenError';

  constructor(server: string, cause: unknown) {
    const reason = describeError(cause);
    const advice = advices.find(([code]) => reason.includes(code) || codeOf(cause) === code)?.[1];
    super(`Cannot listen for ${server}: ${reason}.${advice === undefined ? '' : ` ${advice}.`}`, { cause });
  }
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code;
}

/**
 * Begins to listen.
 * @throws {ListenError} or the `SettingsError` of a server that knows better which setting moves it.
 */
export async function listen(server: Server): Promise<string> {
  try {
    return await server.listen();
  } catch (error) {
    throw error instanceof SettingsError ? error : new ListenError(server.name, error);
  }
}

/** A server whose failure to listen names the variable that moves it. */
export function movable(server: Server, setting: string): Server {
  return {
    ...server,
    listen: async () => {
      try {
        return await server.listen();
      } catch (error) {
        const advice = `Set ${setting} to a free port, or IBEX_HOST to an address of this machine.`;
        const message = `Cannot listen for ${server.name}: ${describeError(error)}. ${advice}`;
        throw new SettingsError(setting, message);
      }
    },
  };
}

/** What the log says of a start that failed: one line for what an operator can put right, everything for the rest. */
export function startErrorFields(error: unknown): { reason: string } | { error: unknown } {
  const isForOperator =
    error instanceof SettingsError || error instanceof ConfigError || error instanceof ListenError;
  return isForOperator ? { reason: error.message } : { error };
}
