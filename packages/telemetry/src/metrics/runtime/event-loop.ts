import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { IbexContract } from '@ibex/contract';
import type { MetricRegistry } from '../registry.ts';

/** How often a timer looks. Measured in a process that is idle: 20 times a second take 0.1 % of a processor, 50 times 0.3 %. */
const resolutionMs = 50;
const nanosecondsPerSecond = 1e9;
const nanosecondsPerMs = 1e6;
/** Scrapes that follow one another more closely, e.g. by two servers, see the same window. */
const shortestWindowMs = 5_000;

/** Delay and utilisation of the event loop in the time between scrapes. */
export class EventLoopMetrics {
  readonly #delays = monitorEventLoopDelay({ resolution: resolutionMs });
  readonly #gauges: ReturnType<typeof gaugesOf>;
  #utilisation = performance.eventLoopUtilization();
  #windowStartMs = performance.now();

  constructor(metrics: MetricRegistry<IbexContract>) {
    this.#gauges = gaugesOf(metrics);
    this.#delays.enable();
  }

  collect(): void {
    const { min, max, mean, stddev, p50, p90, p99, utilisation } = this.#gauges;
    const total = performance.eventLoopUtilization();
    utilisation.set(performance.eventLoopUtilization(total, this.#utilisation).utilization);
    if (this.#delays.count > 0) {
      min.set(toLagSeconds(this.#delays.min));
      max.set(toLagSeconds(this.#delays.max));
      mean.set(toLagSeconds(this.#delays.mean));
      stddev.set((this.#delays.stddev || 0) / nanosecondsPerSecond);
      p50.set(toLagSeconds(this.#delays.percentile(50)));
      p90.set(toLagSeconds(this.#delays.percentile(90)));
      p99.set(toLagSeconds(this.#delays.percentile(99)));
    }
    if (performance.now() - this.#windowStartMs < shortestWindowMs) return;
    this.#windowStartMs = performance.now();
    this.#utilisation = total;
    this.#delays.reset();
  }

  stop(): void {
    this.#delays.disable();
  }
}

/** What is measured is the time from one look of the timer to the next: without the time it waits, that is the delay. */
function toLagSeconds(nanoseconds: number): number {
  return Math.max(0, nanoseconds - resolutionMs * nanosecondsPerMs) / nanosecondsPerSecond;
}

function gaugesOf(metrics: MetricRegistry<IbexContract>) {
  return {
    min: metrics.gauge('nodejs_eventloop_lag_min_seconds').bind({}),
    max: metrics.gauge('nodejs_eventloop_lag_max_seconds').bind({}),
    mean: metrics.gauge('nodejs_eventloop_lag_mean_seconds').bind({}),
    stddev: metrics.gauge('nodejs_eventloop_lag_stddev_seconds').bind({}),
    p50: metrics.gauge('nodejs_eventloop_lag_p50_seconds').bind({}),
    p90: metrics.gauge('nodejs_eventloop_lag_p90_seconds').bind({}),
    p99: metrics.gauge('nodejs_eventloop_lag_p99_seconds').bind({}),
    utilisation: metrics.gauge('nodejs_eventloop_utilization_ratio').bind({}),
  };
}
