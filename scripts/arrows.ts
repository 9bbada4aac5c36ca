/** Which areas of the tree an area may import from; what is not listed is forbidden. Arrows point one way. */
export const allowedImports: Readonly<Record<string, readonly string[]>> = {
  api: [],
  'packages/contract': [],
  'packages/telemetry': ['packages/contract'],
  'packages/eslint-plugin': [],
  'packages/service': ['packages/telemetry', 'packages/contract'],
  'services/auth': ['api', 'packages/contract', 'packages/service', 'packages/telemetry'],
  'services/collector': ['api', 'packages/contract', 'packages/service', 'packages/telemetry'],
  'services/proxy': ['api', 'packages/contract', 'packages/service', 'packages/telemetry'],
  'services/console/bff': ['api', 'packages/contract', 'packages/service', 'packages/telemetry'],
  'services/console/web': ['api'],
  cli: ['packages/contract', 'packages/eslint-plugin', 'packages/service', 'packages/telemetry'],
  tests: ['api', 'packages/contract', 'packages/service', 'packages/telemetry'],
  examples: ['packages/contract', 'packages/telemetry'],
  // Of the gateway, what it does with each request is measured alone.
  benchmarks: ['packages/contract', 'packages/telemetry', 'services/proxy', 'tests'],
  scripts: ['api', 'cli'],
};

/** Packages only one area may import: everything else goes through that area. Test drivers are exempt. */
export const confinedPackages: readonly { readonly pattern: RegExp; readonly area: string }[] = [
  { pattern: /^@opentelemetry\//, area: 'packages/telemetry' },
  { pattern: /^(pino|sonic-boom)$/, area: 'packages/telemetry' },
  { pattern: /^(prom-client|@prometheus-io\/client)$/, area: 'packages/telemetry' },
];

/** Tests may use what supports tests, from any area. */
export const testSupport = 'tests';
