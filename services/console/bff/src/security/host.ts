import { excerpt } from '@ibex/telemetry/privacy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'] as const;
const maximumShownLength = 100;

/** Health checks and scrapers address a process by whatever name it has there, and get no user's data. */
const operationalPaths: readonly string[] = ['/healthz', '/readyz', '/metrics'];

export interface HostCheckOptions {
  /** The address listened on, allowed with the port listened on. */
  readonly host: string;
  /** Further hosts, exactly as browsers send them: with the port unless it is the scheme's own. */
  readonly allowedHosts: readonly string[];
}

/**
 * Refuses requests for a host that is not the console's: a page whose name was made to resolve to this machine (DNS
 * rebinding) counts as same-origin to the browser, and only the Host header gives it away.
 */
export function addHostCheck(app: FastifyInstance, options: HostCheckOptions): void {
  const named = new Set(options.allowedHosts.map((host) => host.toLowerCase()));
  const local = [...loopbackNames, options.host.includes(':') ? `[${options.host}]` : options.host];

  function isAllowed(request: FastifyRequest): boolean {
    const host = request.headers.host?.toLowerCase();
    if (host === undefined) return false;
    return (
      named.has(host) || local.some((name) => host === `${name.toLowerCase()}:${request.socket.localPort}`)
    );
  }

  app.addHook('onRequest', async (request) => {
    if (isAllowed(request) || operationalPaths.includes(request.routeOptions.url ?? '')) return;
    const host = excerpt(request.headers.host ?? '', maximumShownLength);
    const message = `The console does not answer for the host "${host}". If it is reached by that name, add it to IBEX_CONSOLE_ALLOWED_HOSTS.`;
    throw new Problem(403, { code: 'host_not_allowed', message });
  });
}
