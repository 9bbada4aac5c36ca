import type { ServiceName } from '../children/services.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { LineClock } from './line-clock.ts';
import { type LineOrigin, type LogLine, readLogLine } from './log-line.ts';
import type { LogShipper } from './log-shipper.ts';
import { encodeRecord } from './otlp.ts';
import { prettyLine } from './pretty.ts';

const recentLines = 12;

/** Where each line of a service goes: to the collector always, to the terminal once the start is over. */
export class LogPipeline {
  #shipper: LogShipper;
  #terminal: Terminal;
  #clocks = new Map<string, LineClock>();
  #recent = new Map<ServiceName, LogLine[]>();
  #isShown = false;
  #isShipped = true;

  constructor(options: { shipper: LogShipper; terminal: Terminal }) {
    this.#shipper = options.shipper;
    this.#terminal = options.terminal;
  }

  /** A service wrote a line. */
  take(text: string, origin: LineOrigin): void {
    const line = readLogLine(text, origin);
    this.#remember(origin.service, line);
    this.#pass(line, origin.service);
  }

  /** Something happened to a service that it cannot tell itself. */
  note(text: string, service: ServiceName): void {
    const line = { ...readLogLine(text, { service, stream: 'stderr' }), level: 'ERROR' as const };
    this.#pass(line, service);
  }

  /** From now on lines are shown on the terminal. */
  show(): void {
    this.#isShown = true;
  }

  /** From now on lines are not sent to the collector any more: it is about to stop. */
  stopShipping(): void {
    this.#isShipped = false;
  }

  /** The last lines of a service, as people read them. */
  lastLines(service: ServiceName): readonly string[] {
    return (this.#recent.get(service) ?? []).map((line) => prettyLine(line, this.#terminal.style));
  }

  #pass(line: LogLine, service: ServiceName): void {
    const stamp = this.#clockOf(service).stamp(line.timeUnixMs);
    if (this.#isShipped) this.#shipper.add(encodeRecord(line, stamp));
    if (this.#isShown && !isOwnTraffic(line)) this.#terminal.line(prettyLine(line, this.#terminal.style));
  }

  #clockOf(service: ServiceName): LineClock {
    const known = this.#clocks.get(service);
    if (known !== undefined) return known;
    const clock = new LineClock();
    this.#clocks.set(service, clock);
    return clock;
  }

  #remember(service: ServiceName, line: LogLine): void {
    const lines = this.#recent.get(service) ?? [];
    lines.push(line);
    if (lines.length > recentLines) lines.shift();
    this.#recent.set(service, lines);
  }
}

/** What a browser that has gone on to another page is counted as; nothing failed. */
const leftStatus = 499;

/** Requests an open console makes all the time: they would bury the lines people look for. The console shows them. */
function isOwnTraffic({ service, fields }: LogLine): boolean {
  const { route, status } = fields;
  if (typeof route !== 'string' || typeof status !== 'number') return false;
  return (service === 'console' || service === 'collector') && (status < 400 || status === leftStatus);
}
