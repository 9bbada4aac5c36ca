import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { basename, dirname, join } from 'node:path';

/**
 * A service of a few lines for tests of `ibex up`: ready at once, writes a line, notes what happens to it in
 * `events.log` of the data directory. Files beside that log change what it does; see the checks below.
 */
const { env } = process;
const directory = dirname(dirname(process.argv[1] ?? ''));
const service = basename(directory) === 'bff' ? 'console' : basename(directory);
const dataDirectory = env.IBEX_DATA_DIR ?? '';
const ports: Readonly<Record<string, string | undefined>> = {
  proxy: env.IBEX_PROXY_PORT,
  auth: env.IBEX_AUTH_HTTP_PORT,
  collector: env.IBEX_COLLECTOR_QUERY_PORT,
  console: env.IBEX_CONSOLE_PORT,
};

function note(event: string): void {
  appendFileSync(join(dataDirectory, 'events.log'), `${service} ${event}\n`);
}

function log(msg: string, fields: Readonly<Record<string, unknown>> = {}): void {
  const line = { time: new Date().toISOString(), level: 'INFO', msg, service, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function isAsked(what: string): boolean {
  return existsSync(join(dataDirectory, `${service}-${what}`));
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/internal/scrape')
    note(`${request.method} ${request.url} ${request.headers.authorization}`);
  response.end('{"status":"ready"}');
}

function receiveLogs(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    appendFileSync(join(dataDirectory, 'received.jsonl'), `${Buffer.concat(chunks).toString()}\n`);
    response.setHeader('content-type', 'application/json').end('{}');
  });
}

function stop(cause: string): void {
  note(`asked to stop by ${cause}`);
  log('last words');
  if (isAsked('hangs')) return;
  setTimeout(() => {
    note('stopped');
    process.exit(0);
  }, 50);
}

if (isAsked('fails')) {
  process.stderr.write('the reason of the failure\n');
  process.exit(1);
}
note(`started ${process.pid}`);
process.on('SIGTERM', () => stop('SIGTERM'));
process.on('SIGINT', () => stop('SIGINT'));
process.stdin.on('end', () => stop('the end of stdin'));
process.stdin.resume();
if (service === 'auth') {
  const credentials = { api_key: 'ibex_test_key', admin_token: 'ibex_admin_token' };
  writeFileSync(env.IBEX_CREDENTIALS_FILE ?? '', JSON.stringify(credentials), { mode: 0o600 });
}
if (service === 'collector') {
  createServer(receiveLogs).listen(Number(env.IBEX_COLLECTOR_OTLP_HTTP_PORT), '127.0.0.1');
}
createServer(answer).listen(Number(ports[service]), '127.0.0.1', () => log('listening', { count: 7 }));
