import type { IncomingMessage } from 'node:http';
import { findMount, type RouterLike } from './express-layers.ts';

/** What Express adds to a request, as far as routes are concerned. */
interface RoutedRequest extends IncomingMessage {
  app?: { readonly router?: RouterLike | undefined } | undefined;
  baseUrl?: string | undefined;
  params?: Readonly<Record<string, string | readonly string[]>> | undefined;
  route?: { readonly path?: unknown } | undefined;
}

/** A router that routing is in. */
interface Entered {
  /** What the base URL is in it. */
  readonly whole: string;
  /** The template of that. */
  readonly template: string;
  /** Undefined in an app that is mounted in another: it is then the request's own. */
  readonly router: RouterLike | undefined;
  /** How often something mounted in it at a part of the URL was entered. */
  readonly entries: Map<string, number>;
}

/**
 * Follows the routing of one request and answers, at its end, with the template of the route that matched. Express
 * keeps of the routers above a route only the part of the URL they matched, in `baseUrl`, and takes that back when an
 * error leaves them; so the pattern a router is mounted at is put in its place when it is set, and the route is read
 * when it is.
 */
export function trackExpressRoute(request: RoutedRequest): () => string | undefined {
  const whole = request.baseUrl ?? '';
  const template = whole === '' ? '' : templateOf(whole, request.params);
  const entered: [Entered, ...Entered[]] = [{ whole, template, router: undefined, entries: new Map() }];
  let baseUrl = request.baseUrl;
  let route = request.route;
  let matched: string | undefined;
  const current = () => entered.at(-1) ?? entered[0];

  Object.defineProperty(request, 'baseUrl', {
    configurable: true,
    enumerable: true,
    get: () => baseUrl,
    set: (value: string | undefined) => {
      baseUrl = value;
      const next = value ?? '';
      while (entered.length > 1 && !next.startsWith(current().whole)) entered.pop();
      if (next.length > current().whole.length) entered.push(enter(current(), { whole: next, request }));
    },
  });
  Object.defineProperty(request, 'route', {
    configurable: true,
    enumerable: true,
    get: () => route,
    set: (value: RoutedRequest['route']) => {
      route = value;
      if (value?.path !== undefined) matched = join(current().template, value.path);
    },
  });
  return () => matched;
}

/** The router that a longer base URL leads to. */
function enter(above: Entered, { whole, request }: { whole: string; request: RoutedRequest }): Entered {
  const part = whole.slice(above.whole.length);
  const index = above.entries.get(part) ?? 0;
  above.entries.set(part, index + 1);
  const mount = findMount(part, { router: above.router ?? request.app?.router, index });
  const template = above.template + (mount?.pattern ?? templateOf(part, request.params));
  return { whole, template, router: mount?.router, entries: new Map() };
}

function join(base: string, path: unknown): string {
  const own = Array.isArray(path) ? path.map(String).join('|') : String(path);
  return own === '/' && base !== '' ? base : base + own;
}

/** The part of a URL with the values of its parameters replaced by their names; `*` where that is not possible. */
function templateOf(part: string, params: RoutedRequest['params'] = {}): string {
  const segments = part.split('/').map(decode);
  for (const [name, value] of Object.entries(params ?? {})) {
    for (const text of [value].flat()) {
      const whole = segments.indexOf(text);
      const index = whole === -1 ? segments.findIndex((segment) => segment.includes(text)) : whole;
      if (index === -1 || text === '') continue;
      segments[index] = whole === -1 ? '*' : `:${name}`;
    }
  }
  return segments.join('/');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
