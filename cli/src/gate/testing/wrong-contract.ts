import { defineContract, type Probes } from '@ibex/contract';

/** A small contract of a shop, for a service that breaks all of it. */
export const contract = defineContract({
  services: ['shop', 'stock'],
  namespaces: ['shop', 'http', 'ibex_contract', 'process'],
  budget: { perMetric: 1_000, perService: 5_000 },
  metrics: {
    shop_orders_total: {
      type: 'counter',
      unit: 'orders',
      help: 'Orders placed.',
      labels: { result: ['ok', 'error'], branch: { configured: 'branch', limit: 2 } },
      services: ['shop'],
    },
    process_resident_memory_bytes: {
      type: 'gauge',
      unit: 'bytes',
      help: 'Memory.',
      labels: {},
      services: ['shop'],
    },
    shop_order_duration_seconds: {
      type: 'histogram',
      unit: 'seconds',
      help: 'How long orders took.',
      labels: {},
      buckets: [0.1, 1],
      services: ['shop'],
    },
    shop_open_baskets: {
      type: 'gauge',
      unit: 'baskets',
      help: 'Baskets that are open.',
      labels: {},
      services: ['shop'],
      lintExceptions: { 'base-unit': 'It was once in minutes.' },
    },
    shop_returns_total: {
      type: 'counter',
      unit: 'returns',
      help: 'Orders returned.',
      labels: {},
      services: ['shop'],
    },
    http_requests_total: {
      type: 'counter',
      unit: 'requests',
      help: 'Requests.',
      labels: { method: ['GET', 'POST'], path: ['/orders', '/healthz'], status: ['200', '201', '500'] },
      services: ['shop'],
    },
    ibex_contract_violations_total: {
      type: 'counter',
      unit: 'violations',
      help: 'Values outside the contract.',
      labels: { kind: ['label_value'] },
      services: ['shop'],
    },
  },
  spans: {
    http_server: {
      name: '{method} {route}',
      kind: 'server',
      service: ['shop'],
      required: ['http.route', 'http.status_code'],
      optional: ['http.request_id'],
    },
    count_stock: { name: 'stock.count', kind: 'internal', service: ['stock'], required: [], optional: [] },
  },
  routes: { shop: ['/orders', '/healthz', 'unmatched'] },
  resourceAttributes: ['service.name', 'service.version'],
  correlationFields: ['correlation_id'],
  logFields: {
    time: { type: 'string', help: 'When.' },
    level: { type: 'string', help: 'How grave.' },
    msg: { type: 'string', help: 'What.' },
    service: { type: 'string', help: 'Who.' },
    request_id: { type: 'string', help: 'The request.' },
    correlation_id: { type: 'string', help: 'The operation.' },
    trace_id: { type: 'string', help: 'The trace.' },
    span_id: { type: 'string', help: 'The span.' },
    method: { type: 'string', help: 'The method.' },
    route: { type: 'string', help: 'The route.' },
    status: { type: 'number', help: 'The status.' },
    details: { type: 'object', help: 'More.' },
  },
  sensitiveKeys: ['password'],
  auditMetadataKeys: ['reason'],
  slos: {},
  retention: { metricsDays: 1, tracesDays: 1, logsDays: 1, auditDays: 1 },
});

export const probes = {
  shop: [
    { name: 'health', method: 'GET', path: '/healthz', route: '/healthz', status: 200, traced: false },
    { name: 'orders', method: 'GET', path: '/orders', route: '/orders', status: 200 },
    { name: 'order', method: 'POST', path: '/orders', route: '/orders', status: 201, mutates: true },
    { name: 'untraced', method: 'GET', path: '/orders', route: '/orders', status: 500 },
  ],
} satisfies Probes;
