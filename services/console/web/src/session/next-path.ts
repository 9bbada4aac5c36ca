/** Where to go after signing in: a path of this console, and never another origin. */
export function safeNextPath(next: string | undefined, fallback = '/admin/ops'): string {
  if (next === undefined || !/^\/(?![/\\])/.test(next) || /[\s\\]/.test(next)) return fallback;
  return next.startsWith('/login') ? fallback : next;
}
