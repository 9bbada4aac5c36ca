import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { ibexContract } from '@ibex/contract';
import { type RequestRecord, runInScope } from '../context/scope.ts';
import { createSanitiser } from '../privacy/sanitiser.ts';
import { MemoryDestination } from '../testing/memory.ts';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import { createLogger, type Logger, type LoggerOptions } from './logger.ts';

function createTestLogger(options: Partial<LoggerOptions> = {}) {
  const destination = new MemoryDestination();
  const logger: Logger = createLogger({
    service: 'proxy',
    level: 'DEBUG',
    format: 'json',
    sanitiser: createSanitiser(ibexContract.sensitiveKeys),
    destination,
    ...options,
  });
  return { logger, destination };
}

/** The line that one call writes. */
function lineOf(message: string, fields?: Record<string, unknown>): Record<string, unknown> {
  const { logger, destination } = createTestLogger();
  logger.info(message, fields as never);
  assert.equal(destination.text.length, 1);
  return destination.lines[0] ?? {};
}

const request: RequestRecord = {
  requestId: 'request-1',
  correlationId: 'operation-1',
  method: 'GET',
  route: '/v1/models',
  orgId: 'acme',
};
const hidden = '[REDACTED]';

describe('a line', () => {
  test('has time, level, message and service first, then the fields', () => {
    const before = Date.now();
    const line = lineOf('response generated', { provider: 'openai', input_tokens: 23, details: { a: [1] } });
    assert.deepEqual(Object.keys(line), [
      'time',
      'level',
      'msg',
      'service',
      'provider',
      'input_tokens',
      'details',
    ]);
    assert.match(String(line.time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(Date.parse(String(line.time)) >= before && Date.parse(String(line.time)) <= Date.now());
    assert.deepEqual([line.level, line.msg, line.service], ['INFO', 'response generated', 'proxy']);
    assert.deepEqual(line.details, { a: [1] });
  });

  test('is one line of JSON whatever is in it', () => {
    const text = 'two\nlines "quoted" \\ \u2028 \u0000 \ud800 🦌';
    const line = lineOf(text, { reason: text, details: { [text]: text } });
    assert.deepEqual([line.msg, line.reason], [text, text]);
  });

  test('leaves out what is undefined, and keeps null, zero, false and the empty text', () => {
    const line = lineOf('x', { a: undefined, b: null, c: 0, d: false, e: '', f: Number.NaN, g: 12n });
    const { time: _time, level: _level, msg: _msg, service: _service, ...fields } = line;
    assert.deepEqual(fields, { b: null, c: 0, d: false, e: '', f: null, g: '12' });
  });

  test('has four levels, and those below the configured one write nothing', () => {
    const written = (['DEBUG', 'INFO', 'WARN', 'ERROR'] as const).map((level) => {
      const { logger, destination } = createTestLogger({ level });
      logger.debug('d');
      logger.info('i');
      logger.warn('w');
      logger.error('e');
      return destination.lines.map((line) => line.level);
    });
    const all = ['DEBUG', 'INFO', 'WARN', 'ERROR'];
    assert.deepEqual(written, [all, all.slice(1), all.slice(2), all.slice(3)]);
  });
});

describe('correlation', () => {
  test('ids of request and span are on every line of their scope, also after awaits', async () => {
    const { telemetry, destination } = startTestTelemetry('proxy');
    await runInScope({ request }, () =>
      telemetry.tracer.withSpan('work', {}, async (span) => {
        await new Promise(setImmediate);
        telemetry.logger.info('inside');
        const [line] = destination.lines;
        assert.equal(line?.request_id, 'request-1');
        assert.equal(line?.correlation_id, 'operation-1');
        assert.equal(line?.org_id, 'acme');
        assert.equal(line?.trace_id, span.traceId);
        assert.equal(line?.span_id, span.spanId);
        assert.equal('user_id' in (line ?? {}), false);
      }),
    );
    telemetry.logger.info('outside');
    assert.equal('request_id' in (destination.lines[1] ?? {}), false);
    await telemetry.stop();
  });

  test('a field cannot replace what the scope says, nor what every line has', () => {
    const { logger, destination } = createTestLogger();
    const fields = {
      request_id: 'forged',
      org_id: 'forged',
      user_id: 'u-1',
      level: 'ERROR',
      msg: 'x',
      time: 'never',
    };
    runInScope({ request }, () => logger.info('real', { ...fields, service: 'other' } as never));
    const [line] = destination.lines;
    assert.equal(destination.text[0]?.includes('forged'), false);
    assert.deepEqual(
      [line?.level, line?.msg, line?.service, line?.user_id],
      ['INFO', 'real', 'proxy', 'u-1'],
    );
    for (const key of ['time', 'level', 'msg', 'service', 'request_id', 'org_id']) {
      assert.equal(destination.text[0]?.split(`"${key}":`).length, 2, key);
    }
  });

  test('outside a request a field may name one', () => {
    assert.equal(lineOf('late', { request_id: 'request-2' }).request_id, 'request-2');
  });
});

describe('secrets', () => {
  test('are redacted by key at any depth and by their looks in message and fields', () => {
    const line = lineOf('key sk-abcdefghijkl used', {
      reason: 'Bearer abcdefgh12345',
      details: { list: [{ apiKey: 'canary' }], 'x-api-key': 'canary', note: 'mail jane@example.com' },
      error: Object.assign(new Error('postgres://u:canary@db failed'), { token: 'canary' }),
      password: 'canary',
    });
    assert.equal(JSON.stringify(line).includes('canary'), false);
    assert.equal(line.msg, `key ${hidden} used`);
    assert.equal(line.reason, `Bearer ${hidden}`);
    assert.equal((line.error as { message: string }).message, `postgres://${hidden}@db failed`);
    assert.equal(line.password, hidden);
  });
});

describe('hostile fields', () => {
  const thrower = () => {
    throw new Error('getter');
  };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();

  test('do not make logging throw', () => {
    const getter = Object.defineProperty({ model: 'echo' }, 'reason', { get: thrower, enumerable: true });
    assert.deepEqual(lineOf('x', getter).details, { model: 'echo', reason: '[unreadable]' });
    assert.equal(lineOf('x', proxy).details, '[unreadable]');
    assert.equal(lineOf('x', { details: proxy }).details, '[unreadable]');
    const ring: Record<string, unknown> = { a: 1 };
    ring.self = ring;
    assert.deepEqual(lineOf('x', { details: ring }).details, { a: 1, self: '[circular]' });
    assert.equal(lineOf(undefined as never).msg, 'undefined');
    assert.equal(lineOf(Object.create(null)).msg, '[unreadable]');
  });

  test('outside the contract move into details, are counted, and warned of by name', async () => {
    const { telemetry, destination } = startTestTelemetry('proxy');
    const fields = { model: 'echo', modle: 'x', apiKey: 'canary', details: { a: 1 } };
    telemetry.logger.info('x', fields as never);
    telemetry.logger.info('x', { model: 'echo' });
    const [warning, line] = destination.lines;
    assert.deepEqual([warning?.level, warning?.reason, warning?.place], ['WARN', 'log_field', 'modle']);
    assert.deepEqual(line?.details, { a: 1, modle: 'x', apiKey: hidden });
    assert.equal('modle' in (line ?? {}), false);
    assert.match(telemetry.metrics.exposition(), /^ibex_contract_violations_total\{kind="log_field"\} 1$/m);
    await telemetry.stop();
  });
});

describe('the pretty format', () => {
  /** The text without colours. */
  function prettyOf(message: string, fields?: Record<string, unknown>): string {
    const { logger, destination } = createTestLogger({ format: 'pretty' });
    runInScope({ request }, () => logger.warn(message, fields as never));
    return stripVTControlCharacters(destination.text[0] ?? '');
  }

  test('is one line for people: time, level, service, message, fields', () => {
    assert.match(
      prettyOf('rate limited', { provider: 'openai', details: { a: 1 } }),
      /^\d\d:\d\d:\d\d\.\d{3} WARN {2}proxy {5}rate limited provider=openai details=\{"a":1\} request_id=request-1\n$/,
    );
  });

  test('shows an error with its stack, indented', () => {
    const lines = prettyOf('failed', { error: new TypeError('broken') }).split('\n');
    assert.match(lines[0] ?? '', /failed request_id=request-1$/);
    assert.equal(lines[1], '    TypeError: broken');
    assert.match(lines[2] ?? '', /^ {4} {4}at /);
    assert.match(prettyOf('failed', { error: 'text' }), /\n {4}text\n$/);
  });

  test('redacts, and lets no value move the cursor or start a line', () => {
    const text = prettyOf('a\u001b[2Jb', { reason: 'x\nERROR forged\r', details: { token: 'canary' } });
    assert.equal(text.includes('canary'), false);
    assert.equal(text.split('\n').length, 2);
    assert.ok(text.includes('a\\u001b[2Jb'));
    assert.ok(text.includes('reason=x\\u000aERROR forged\\u000d'));
  });
});
