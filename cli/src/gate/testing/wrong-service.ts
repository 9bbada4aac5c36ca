import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A service that breaks every rule of the gates over running services. */
const metrics = `# HELP shop_orders_total Something else.
# TYPE shop_orders_total gauge
shop_orders_total{result="maybe",branch="north"} 1
shop_orders_total{result="ok",branch="south"} 1
shop_orders_total{result="ok",branch="south"} 2
shop_orders_total{result="ok",branch="west"} 1
shop_orders_total{result="ok",branch="sk_live_abcdefghijkl"} 1
shop_orders_total{result="ok"} 1
shop_orders_total{result="ok",branch="north",org_id="org_1"} 1
# HELP shop_order_duration_seconds How long orders took.
# TYPE shop_order_duration_seconds histogram
shop_order_duration_seconds_bucket{le="0.1"} 5
shop_order_duration_seconds_bucket{le="2"} 3
shop_order_duration_seconds_bucket{le="+Inf"} 6
shop_order_duration_seconds_sum 1
shop_order_duration_seconds_count 6
# HELP shop_open_baskets Baskets that are open.
# TYPE shop_open_baskets gauge
shop_open_baskets 1 # {trace_id="1"} 1
shop_open_baskets{city="Bern"} 1
# HELP http_requests_total Requests.
# TYPE http_requests_total counter
http_requests_total{method="GET",path="/healthz",status="200"} -1
# HELP ibex_contract_violations_total Values outside the contract.
# TYPE ibex_contract_violations_total counter
ibex_contract_violations_total{kind="label_value"} 3
# HELP shop_basket_count Baskets.
# TYPE shop_basket_count gauge
shop_basket_count 1
# HELP shop_sold_total Sold.
# TYPE shop_sold_total gauge
shop_sold_total 1
# HELP shop_waitTime_milliseconds Waits.
# TYPE shop_waitTime_milliseconds gauge
shop_waitTime_milliseconds 1
# HELP process_resident_memory_bytes Memory.
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 0
this is no sample
`;

const openMetrics = `# TYPE shop_orders counter
# UNIT shop_orders parcels
# HELP shop_orders Orders placed.
shop_orders_total{result="ok",branch="north"} 1 # {trace_id="${'5'.repeat(32)}"} 1
# EOF
`;

const traceIds = {
  orders: '1'.repeat(32),
  order: '2'.repeat(32),
  quiet: '3'.repeat(32),
  none: '4'.repeat(32),
};
let spans = 0;
let orders = 0;

function write(line: unknown): void {
  process.stdout.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
}

function span(traceId: string, rest: Readonly<Record<string, unknown>>): void {
  write({
    type: 'span',
    traceId,
    spanId: String(++spans).padStart(16, '0'),
    parentSpanId: '',
    kind: 'server',
    status: 'unset',
    attributes: { 'http.route': '/orders', 'http.status_code': 201 },
    events: [],
    resource: { 'service.name': 'shop', 'service.version': '1' },
    ...rest,
  });
}

function log(rest: Readonly<Record<string, unknown>>): void {
  const time = new Date().toISOString();
  write({ time, level: 'INFO', msg: 'something happened', service: 'shop', ...rest });
}

function tellOrders(): void {
  const attributes = { 'http.status_code': 500, surprise: 1, password: 'hunter2' };
  span(traceIds.orders, { name: 'GET /orders', attributes, resource: { 'service.name': 'shop' } });
  span(traceIds.orders, { name: 'mystery', kind: 'internal', parentSpanId: 'f'.repeat(16) });
  span(traceIds.orders, {
    name: 'stock.count',
    kind: 'internal',
    status: 'error',
    parentSpanId: 'f'.repeat(16),
    attributes: {},
  });
  write('this is no JSON');
  log({
    msg: '',
    surprise: true,
    status: 'five hundred',
    time: 'yesterday',
    level: 'LOUD',
    service: 'other',
  });
  log({ request_id: 'request-1', details: { password: 'hunter2' } });
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { url, method } = request;
  const requestId = request.headers['x-request-id'];
  if (url === '/metrics' && request.headers.accept?.startsWith('application/openmetrics-text') === true) {
    response.setHeader('content-type', 'application/openmetrics-text').end(openMetrics);
  } else if (url === '/metrics') {
    response.setHeader('content-type', 'text/html').end(metrics);
  } else if (url === '/readyz') {
    response.end('{"status":"ready"}');
  } else if (url === '/healthz') {
    span(traceIds.quiet, { name: 'GET /healthz' });
    log({ msg: 'asked for health', request_id: requestId });
    response.setHeader('x-trace-id', traceIds.quiet).end('{"service":"shop"}');
  } else if (method === 'POST') {
    const attributes = { 'http.route': '/orders/123456', 'http.status_code': 201 };
    span(traceIds.order, { name: 'POST /orders/123456', attributes });
    response.writeHead(201, { 'x-trace-id': traceIds.order }).end();
  } else {
    // The first is told, the second leaves no trace.
    orders++;
    if (orders === 1) tellOrders();
    response.writeHead(500, { 'x-trace-id': orders === 1 ? traceIds.orders : traceIds.none }).end();
  }
}

process.on('SIGTERM', () => process.exit(0));
createServer(answer).listen(Number(process.env.SHOP_PORT), '127.0.0.1');
