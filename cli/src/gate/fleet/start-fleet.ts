import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntilReady } from '../../children/readiness.ts';
import { describeEnd, ServiceProcess } from '../../children/service-process.ts';
import { UserError } from '../../user-error.ts';
import type { CapturedLine } from '../logs/captured-line.ts';
import type { ProbeValues } from '../probes/fill.ts';
import type { FleetPlan, MemberPlan } from './plan.ts';

/** A service that runs for a gate. */
export interface RunningService {
  readonly name: string;
  readonly url: string;
  /** Base of its metrics, health and readiness; often the same as `url`. */
  readonly metricsUrl: string;
  /** What it has written so far. */
  readonly lines: readonly CapturedLine[];
}

/** The services that run for one gate. */
export interface GateFleet {
  readonly services: readonly RunningService[];
  /** The values that probes name. */
  readonly values: ProbeValues;
  /** Stops all, in order, so that everything they hold back is written. Again: nothing. */
  stop(): Promise<void>;
}

interface Member extends RunningService {
  readonly plan: MemberPlan;
  readonly process: ServiceProcess;
}

const readyWithinMs = 30_000;
const stopWithinMs = 6_000;
const mostLines = 100_000;
const shownLines = 20;

/**
 * Starts processes and waits until all are ready.
 * @throws {UserError} with the last lines of the one that is not; all are stopped then.
 */
export async function startFleet(plan: FleetPlan): Promise<GateFleet> {
  const members = plan.members.map(launch);
  try {
    await untilReady(members);
    return { services: members, values: plan.readValues(), stop: () => stopAll(members) };
  } catch (error) {
    await stopAll(members);
    throw error;
  }
}

function launch(plan: MemberPlan): Member {
  const lines: CapturedLine[] = [];
  const process = new ServiceProcess({
    args: plan.args,
    environment: plan.environment,
    onLine: (text, stream) => {
      if (lines.length < mostLines) lines.push({ text, stream });
    },
  });
  const { name, url, metricsUrl } = plan;
  return { name, url, metricsUrl, lines, plan, process };
}

async function untilReady(members: readonly Member[]): Promise<void> {
  const stopWaiting = new AbortController();
  const { signal } = stopWaiting;
  const waits = members.map(async ({ name, metricsUrl, plan, process, lines }) => {
    const end = process.ended.then((how) => {
      const context = lines.slice(-shownLines).map(({ text }) => text);
      throw new UserError(`${name} ${describeEnd(how)} before it was ready.`, { context });
    });
    const url = `${metricsUrl}${plan.readyPath}`;
    const ready = waitUntilReady({ name, url, timeoutMs: readyWithinMs, signal });
    await Promise.race([ready, end]);
  });
  try {
    await Promise.all(waits);
  } finally {
    stopWaiting.abort();
  }
}

/** Those that depend on others were started last and are stopped first, so that nobody loses what it still asks for. */
async function stopAll(members: readonly Member[]): Promise<void> {
  for (const { process } of members.toReversed()) await stopOne(process);
}

async function stopOne(process: ServiceProcess): Promise<void> {
  process.stop();
  const isInTime = await Promise.race([
    process.ended.then(() => true),
    sleep(stopWithinMs, false, { ref: false }),
  ]);
  if (isInTime) return;
  process.kill();
  await process.ended;
}
