import type { IncomingMessage } from 'node:http';

/** What Express adds to a request, as far as routes are concerned. */
interface RoutedRequest extends IncomingMessage {
  baseUrl?: string | undefined;
  params?: Readonly<Record<string, string | readonly string[]>> | undefined;
  route?: { readonly path?: unknown } | undefined;
}

/**
 * Follows the routing of one request and answers, at its end, with the template of the route that matched. Express
 * keeps of the routers above a route only the part of the URL they matched, in `baseUrl`, and takes that back when an
 * error leaves them; so their parameters are put back in its place when it is set, and the route is read when it is.
 */
export function trackExpressRoute(request: RoutedRequest): () => string | undefined {
  const templates = new Map<string, string>([['', '']]);
  let baseUrl = request.baseUrl;
  let base = templateOf(baseUrl ?? '', request.params);
  let route = request.route;
  let matched: string | undefined;
  templates.set(baseUrl ?? '', base);

  Object.defineProperty(request, 'baseUrl', {
    configurable: true,
    enumerable: true,
    get: () => baseUrl,
    set: (value: string | undefined) => {
      const whole = value ?? '';
      base = templates.get(whole) ?? extend(whole, { from: baseUrl ?? '', base, params: request.params });
      templates.set(whole, base);
      baseUrl = value;
    },
  });
  Object.defineProperty(request, 'route', {
    configurable: true,
    enumerable: true,
    get: () => route,
    set: (value: RoutedRequest['route']) => {
      route = value;
      if (value?.path !== undefined) matched = join(base, value.path);
    },
  });
  return () => matched;
}

/** The template of a base URL that a router below another one has made longer. */
function extend(
  whole: string,
  { from, base, params }: { from: string; base: string; params: RoutedRequest['params'] },
): string {
  if (!whole.startsWith(from)) return templateOf(whole, params);
  return base + templateOf(whole.slice(from.length), params);
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
