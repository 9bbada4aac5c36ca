import type { DoctorContext } from '../context.ts';
import { type Finding, ok, problem, skipped } from '../model.ts';
import { get } from '../network/get.ts';
import { judgeClock } from './clock.ts';
import { confirm, type QueryApi } from './confirm.ts';
import { reachCollector } from './reach.ts';
import { type ClockReading, type SendResult, send } from './send.ts';
import { type CollectorTarget, findTarget } from './target.ts';
import { createTestRecords, type Signal, signals, type TestRecords } from './test-records.ts';

const recordNames: Readonly<Record<Signal, string>> = {
  traces: 'test span',
  metrics: 'test metric',
  logs: 'test log line',
};

/** The collector: the way to it, whether it takes what is sent, whether that arrives, and its clock. */
export async function checkCollector(context: DoctorContext): Promise<Finding[]> {
  const target = findTarget(context);
  const where = ok(
    'endpoint',
    `${target.otlp.address}, OTLP over ${target.otlp.protocol === 'grpc' ? 'gRPC' : 'HTTP'}, named by ${target.source}`,
  );
  const way = await reachCollector(target, context.signal);
  if (way.some(({ status }) => status === 'problem')) return [where, ...way];
  if (!context.mayTest) {
    const clock = judgeClock(await readClock(context, target));
    return [where, ...way, skipped('test records', 'not sent, as you asked'), clock];
  }
  const { findings, clock } = await sendAll(context, target);
  return [where, ...way, ...findings, judgeClock(clock ?? (await readClock(context, target)))];
}

async function sendAll(
  context: DoctorContext,
  target: CollectorTarget,
): Promise<{ findings: Finding[]; clock: ClockReading | undefined }> {
  const records = createTestRecords(context.up.deploymentEnvironment);
  const results = await Promise.all(
    signals.map(async (signal) => {
      const result = await send({
        otlp: target.otlp,
        signal,
        message: records.requests[signal],
        abort: context.signal,
      });
      return { signal, result };
    }),
  );
  const refused = results.find(
    ({ result }) => result.outcome === 'unauthorised' || result.outcome === 'wrong_protocol',
  );
  const clock = results.find(({ result }) => result.clock !== undefined)?.result.clock;
  if (refused !== undefined) return { findings: [judgeRefusal(refused.result, target)], clock };
  const findings = await Promise.all(
    results.map(({ signal, result }) => judgeRecord(signal, { result, records, context, target })),
  );
  return { findings, clock };
}

function judgeRefusal({ outcome, detail }: SendResult, { otlp, source }: CollectorTarget): Finding {
  if (outcome === 'unauthorised') {
    const advice =
      'Set OTEL_EXPORTER_OTLP_HEADERS to what the collector asks for, e.g. authorization=Bearer%20….';
    return problem('authentication', `the collector refused the test records: ${detail}`, advice);
  }
  const [other, port] = otlp.protocol === 'grpc' ? ['http/protobuf', 4318] : ['grpc', 4317];
  const advice = `Set OTEL_EXPORTER_OTLP_PROTOCOL=${other}, or the port in ${source} to the one for this protocol; ${other} is ${port} by convention.`;
  return problem('protocol', `what listens at ${otlp.address} speaks another protocol: ${detail}`, advice);
}

async function judgeRecord(
  signal: Signal,
  parts: { result: SendResult; records: TestRecords; context: DoctorContext; target: CollectorTarget },
): Promise<Finding> {
  const { result, records, context, target } = parts;
  const name = recordNames[signal];
  if (result.outcome === 'not_offered') {
    const message = `the collector takes no ${signal} here (${result.detail})`;
    return signal === 'traces'
      ? problem(name, message, `Correct the path in ${target.source}, or switch the receiver for traces on.`)
      : skipped(name, message);
  }
  if (result.outcome !== 'accepted') {
    return problem(
      name,
      `not taken: ${result.detail || result.outcome}`,
      'Read the log of the collector: it says why.',
    );
  }
  if (target.queryUrl === undefined) {
    return ok(name, 'accepted; whether it is stored only that collector’s own tools can say');
  }
  if (context.queryToken === undefined) {
    return skipped(
      name,
      'accepted; not looked for: there is no token of the query API (IBEX_COLLECTOR_QUERY_TOKEN)',
    );
  }
  return confirmRecord(signal, {
    records,
    api: { url: target.queryUrl, token: context.queryToken },
    context,
  });
}

async function confirmRecord(
  signal: Signal,
  { records, api, context }: { records: TestRecords; api: QueryApi; context: DoctorContext },
): Promise<Finding> {
  const name = recordNames[signal];
  const confirmation = await confirm(signal, { records, api, abort: context.signal });
  if (confirmation === 'found') return ok(name, `accepted, and found at ${api.url}`);
  const { reason, isRefused } = confirmation;
  const advice = isRefused
    ? 'Set IBEX_COLLECTOR_QUERY_TOKEN, or IBEX_DATA_DIR, to those of the collector that runs.'
    : `Look at ${api.url}/readyz and at the collector's log; set IBEX_COLLECTOR_QUERY_URL if it is elsewhere.`;
  return problem(name, `accepted, but not found at ${api.url}: ${reason}`, advice);
}

/** The collector's own word for its time, where it answers HTTP anywhere. */
async function readClock(
  { signal }: DoctorContext,
  { queryUrl }: CollectorTarget,
): Promise<ClockReading | undefined> {
  if (queryUrl === undefined) return undefined;
  const reply = await get(`${queryUrl}/healthz`, { signal });
  const date = typeof reply === 'string' ? null : reply.headers.get('date');
  return typeof reply === 'string' || date === null ? undefined : { ...reply, date };
}
