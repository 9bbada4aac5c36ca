import {
  createBrowserHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouterHistory,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import { parseLogSearch } from './logs/log-search.ts';
import { parseMetricSearch } from './metrics/metric-search.ts';
import { parseLoginSearch } from './session/login-search.ts';
import { AppShell } from './shell/app-shell.tsx';
import { CrashedPage } from './shell/crashed-page.tsx';
import { NotFoundPage } from './shell/not-found-page.tsx';
import { overviewTime, parseTimeSearch } from './time/time-range.ts';
import { parseTraceSearch } from './traces/search/trace-search.ts';
import { parseTraceViewSearch } from './traces/view/trace-view-search.ts';
import { parseSearch, stringifySearch } from './ui/search-params.ts';

const rootRoute = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: CrashedPage,
});

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: parseLoginSearch,
  component: lazyRouteComponent(() => import('./session/login-page.tsx'), 'LoginPage'),
});

const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: '_app',
  component: AppShell,
  validateSearch: parseTimeSearch,
  search: { middlewares: [retainSearchParams(['range', 'from', 'to', 'live'])] },
});

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/admin/ops', replace: true });
  },
});

const overviewRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/admin/ops',
  beforeLoad: ({ search }) => {
    // The header must not name a range, brought from another page, that the overview cannot show.
    const fitting = overviewTime(search);
    if (search.from !== undefined || search.range !== fitting.range)
      throw redirect({
        to: '/admin/ops',
        search: (previous) => ({ ...previous, ...fitting }),
        replace: true,
      });
  },
  component: lazyRouteComponent(() => import('./overview/overview-page.tsx'), 'OverviewPage'),
});

const tracesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/traces',
  validateSearch: parseTraceSearch,
  component: lazyRouteComponent(() => import('./traces/search/trace-search-page.tsx'), 'TraceSearchPage'),
});

const traceRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/traces/$traceId',
  validateSearch: parseTraceViewSearch,
  component: lazyRouteComponent(() => import('./traces/view/trace-page.tsx'), 'TracePage'),
});

const logsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/logs',
  validateSearch: parseLogSearch,
  component: lazyRouteComponent(() => import('./logs/logs-page.tsx'), 'LogsPage'),
});

const metricsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/explore/metrics',
  validateSearch: parseMetricSearch,
  component: lazyRouteComponent(() => import('./metrics/metrics-page.tsx'), 'MetricsPage'),
});

const routeTree = rootRoute.addChildren([
  indexRoute,
  loginRoute,
  appRoute.addChildren([overviewRoute, tracesRoute, traceRoute, logsRoute, metricsRoute]),
]);

/** The console's places. `history` is the address bar unless a test brings its own. */
export function createAppRouter(history: RouterHistory = createBrowserHistory()) {
  return createRouter({
    routeTree,
    history,
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultErrorComponent: CrashedPage,
    scrollRestoration: false,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
