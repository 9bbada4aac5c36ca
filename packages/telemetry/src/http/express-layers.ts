/** A router of Express 5: what is mounted in it, in order. */
export interface RouterLike {
  readonly stack?: readonly Layer[];
}

interface Layer {
  /** Set where the layer is a route rather than something mounted. */
  readonly route?: unknown;
  /** Whether it is mounted at `/`, so that it takes nothing from the path. */
  readonly slash?: boolean;
  readonly handle?: RouterLike;
  /** The pattern as it was given. Routers before 2.3 do not keep it, and matching leaves its traces in their layers. */
  readonly rawPath?: unknown;
  match(path: string): false | { readonly path: string; readonly pattern?: unknown };
  readonly matchers?: readonly { readonly name: string }[];
  readonly path?: string | undefined;
}

/** Something mounted, as far as it is known. */
export interface Mount {
  /** A path as it was written, a RegExp by its source; undefined for a path that cannot be found out. */
  readonly pattern: string | undefined;
  /** What is mounted, when it is a router. */
  readonly router: RouterLike | undefined;
}

/** Routers in routers beyond it are not looked into. */
const maximumDepth = 16;

/**
 * What a router has mounted at `part` of a URL.
 *
 * @param index Which of those that match: Express enters them in their order.
 */
export function findMount(
  part: string,
  { router, index }: { router: RouterLike | undefined; index: number },
): Mount | undefined {
  const mounts = router === undefined ? [] : mountsAt(part, router, maximumDepth);
  return mounts[index] ?? mounts.at(-1);
}

function mountsAt(part: string, { stack = [] }: RouterLike, depth: number): Mount[] {
  return stack.flatMap((layer) => {
    if (layer.route !== undefined || depth === 0) return [];
    const router = layer.handle?.stack === undefined ? undefined : layer.handle;
    if (layer.slash === true) return router === undefined ? [] : mountsAt(part, router, depth - 1);
    return layer.rawPath === undefined ? mountOfOldLayer(part, layer) : mountOf(part, layer, router);
  });
}

function mountOf(part: string, layer: Layer, router: RouterLike | undefined): Mount[] {
  const match = layer.match(part);
  if (match === false || withoutSlash(match.path) !== part) return [];
  const { pattern } = match;
  return [{ pattern: typeof pattern === 'string' ? withoutSlash(pattern) : String(pattern), router }];
}

/** Such a layer says what it matched last, which is this part while it is entered; of a RegExp that is all it says. */
function mountOfOldLayer(part: string, { path, matchers = [], handle }: Layer): Mount[] {
  if (path === undefined || withoutSlash(path) !== part) return [];
  const pattern = matchers.some(({ name }) => name === 'regexpMatcher') ? '/*' : undefined;
  return [{ pattern, router: handle }];
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}
