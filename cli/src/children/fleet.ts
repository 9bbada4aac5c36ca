import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../user-error.ts';
import { mostFailures, RestartPolicy } from './restart-policy.ts';
import { describeEnd, type ProcessEnd, type ServiceProcess } from './service-process.ts';
import type { ServiceName } from './services.ts';

export interface FleetOptions {
  /** Starts a process for the service. */
  readonly launch: (name: ServiceName) => ServiceProcess;
  /** The last lines a service wrote, for the report of its end. */
  readonly lastLines: (name: ServiceName) => readonly string[];
  /** Told when a running service ended and will be started again. */
  readonly onRestart: (name: ServiceName, text: string) => void;
}

interface Member {
  process: ServiceProcess;
  readonly policy: RestartPolicy;
}

/**
 * The services as child processes. While they start, the end of one breaks the fleet; once they run, a service that
 * ends is started again until it has failed too often.
 */
export class Fleet {
  /** Resolves with the reason when the fleet cannot go on. */
  readonly broken: Promise<UserError>;
  #options: FleetOptions;
  #members = new Map<ServiceName, Member>();
  #state: 'starting' | 'running' | 'stopping' = 'starting';
  #break: (reason: UserError) => void;

  constructor(options: FleetOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<UserError>();
    this.broken = promise;
    this.#break = resolve;
  }

  /** True from the time all were ready until the first is asked to stop. */
  get isRunning(): boolean {
    return this.#state === 'running';
  }

  start(name: ServiceName): void {
    if (this.#state === 'stopping') return;
    const member = { process: this.#options.launch(name), policy: new RestartPolicy() };
    this.#members.set(name, member);
    void this.#watch(name, member);
  }

  /** All are ready: from now on a service that ends is started again. */
  markRunning(): void {
    if (this.#state === 'starting') this.#state = 'running';
  }

  /**
   * Asks the named services to stop and waits for their end; what is still there at the deadline is ended at once.
   *
   * @param deadlineMs On the clock of `performance.now()`.
   * @returns The services that had to be ended at once.
   */
  async stop(names: readonly ServiceName[], options: { deadlineMs: number }): Promise<ServiceName[]> {
    this.#state = 'stopping';
    const stops = names.map(async (name) => {
      const member = this.#members.get(name);
      return member === undefined || (await endInTime(member.process, options.deadlineMs)) ? [] : [name];
    });
    return (await Promise.all(stops)).flat();
  }

  /** Ends every process at once. */
  killAll(): void {
    this.#state = 'stopping';
    for (const { process } of this.#members.values()) process.kill();
  }

  async #watch(name: ServiceName, member: Member): Promise<void> {
    for (;;) {
      const end = await member.process.ended;
      if (this.#state === 'stopping') return;
      if (this.#state === 'starting') return this.#break(this.#earlyEnd(name, end));
      const delayMs = member.policy.nextDelayMs(performance.now());
      if (delayMs === undefined) return this.#break(this.#tooManyEnds(name, end));
      this.#options.onRestart(
        name,
        `${name} ${describeEnd(end)}; starting it again in ${delayMs / 1000} s ` +
          `(${member.policy.failures} of at most ${mostFailures} ends within a minute)`,
      );
      await sleep(delayMs);
      if (this.#isStopping()) return;
      member.process = this.#options.launch(name);
    }
  }

  #isStopping(): boolean {
    return this.#state === 'stopping';
  }

  #earlyEnd(name: ServiceName, end: ProcessEnd): UserError {
    return new UserError(`${name} ${describeEnd(end)} before it was ready; its last lines are above.`, {
      context: this.#options.lastLines(name),
    });
  }

  #tooManyEnds(name: ServiceName, end: ProcessEnd): UserError {
    return new UserError(
      `${name} ${describeEnd(end)} for the ${mostFailures}th time within a minute, so everything is stopped.`,
      { context: this.#options.lastLines(name) },
    );
  }
}

/** Asks a process to stop; false when it had to be killed. */
async function endInTime(process: ServiceProcess, deadlineMs: number): Promise<boolean> {
  process.stop();
  const patienceMs = Math.max(0, deadlineMs - performance.now());
  const isInTime = await Promise.race([
    process.ended.then(() => true),
    sleep(patienceMs, false, { ref: false }),
  ]);
  if (isInTime) return true;
  process.kill();
  await process.ended;
  return false;
}
