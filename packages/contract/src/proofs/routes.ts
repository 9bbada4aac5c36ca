import type { ContractFinding } from '../errors.ts';
import type { ContractDefinition } from '../model.ts';

/** What stands for a request that matches no template. */
const unmatched = 'unmatched';
const template = /^\/[\x21-\x7e]{0,255}$/;
const idInTemplate = /\/(?:\d{2,}|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,})(?:\/|$)/i;

/** Routes are templates, each once, of services that exist; `unmatched` is among them. */
export function proveRoutes({ routes = {}, services }: ContractDefinition): ContractFinding[] {
  return Object.entries(routes).flatMap(([service, own]) => [
    ...(services.includes(service)
      ? []
      : [
          {
            entry: `routes.${service}`,
            rule: `a service is one of ${services.join(', ')}`,
            value: `"${service}"`,
          },
        ]),
    ...own.filter((route) => route !== unmatched).flatMap((route) => proveRoute(service, route)),
    ...repetitions(service, own),
    ...(own.includes(unmatched)
      ? []
      : [{ entry: `routes.${service}`, rule: `the routes have "${unmatched}" among them`, value: 'absent' }]),
  ]);
}

function proveRoute(service: string, route: string): ContractFinding[] {
  const finding = (rule: string) => [{ entry: `routes.${service}`, rule, value: `"${route}"` }];
  if (!template.test(route)) {
    return finding('a route is a template that starts with /, of printable characters, at most 256 of them');
  }
  if (route.includes('?') && !route.includes(':')) return finding('a route has no query');
  return idInTemplate.test(route) ? finding('a route names what varies, e.g. /invoices/:id') : [];
}

function repetitions(service: string, routes: readonly string[]): ContractFinding[] {
  return routes
    .filter((route, index) => routes.indexOf(route) !== index)
    .map((route) => ({
      entry: `routes.${service}`,
      rule: 'a service names each route once',
      value: `"${route}" twice`,
    }));
}
