/** Where the time of one request went, in milliseconds. Whoever waits for something adds to it. */
export class CallTiming {
  /** Reading the body, which the client sends as fast as it can. */
  bodyMs = 0;
  /** Finding out who is calling. */
  authMs = 0;
  /** Checking limits. */
  limitMs = 0;
  /** Waiting for a place, or before another attempt. */
  queueMs = 0;
  /** Waiting for the provider. */
  upstreamMs = 0;
  /** Waiting for the client to take what was sent. */
  clientMs = 0;
  /** Recording telemetry, as far as it was done by then. */
  telemetryMs = 0;

  /** The value of `Server-Timing` (W3C). */
  toHeader(): string {
    const entry = (name: string, durationMs: number) => `${name};dur=${Math.round(durationMs * 1000) / 1000}`;
    return [
      entry('auth', this.authMs),
      entry('limit', this.limitMs),
      entry('queue', this.queueMs),
      entry('upstream', this.upstreamMs),
      entry('telemetry', this.telemetryMs),
    ].join(', ');
  }

  /** What was spent waiting for others, of a duration the rest is the gateway's own. */
  get waitedMs(): number {
    return this.bodyMs + this.queueMs + this.upstreamMs + this.clientMs;
  }
}
