import type { TelemetrySettings } from '@ibex/telemetry/config';
import { type Finding, ok, problem, skipped, warning } from '../model.ts';

const advice =
  'Set OTEL_SAMPLE_RATIO to a share above 0, e.g. 0.01, or observability.tracing.sampler in config.yaml.';

/** Whether the settings let anything through: a service may run for days before one asks where its traces are. */
export function checkSampling(settings: TelemetrySettings, asUp: TelemetrySettings | undefined): Finding {
  const name = 'sampling';
  if (settings.exporter.type !== 'none') return judge(name, settings);
  if (asUp === undefined) return skipped(name, 'not known');
  const judged = judge(name, asUp);
  const note =
    'under `ibex up`; a service started by itself exports none: OTEL_EXPORTER_OTLP_ENDPOINT is not set';
  return { ...judged, message: `${judged.message}, ${note}` };
}

function judge(name: string, { sampler, flightRecorder }: TelemetrySettings): Finding {
  const ratio = sampler.type === 'probability' ? sampler.ratio : Number(sampler.type === 'always');
  const hasRecorder = flightRecorder.bytes > 0;
  if (ratio > 0)
    return ok(name, `${percent(ratio)} of traces${hasRecorder ? ', every failed or slow one' : ''}`);
  if (hasRecorder) {
    return warning(name, 'no trace is sampled: the flight recorder keeps failed and slow ones alone', advice);
  }
  const message = 'every trace is dropped: none is sampled, and the flight recorder is off';
  return problem(name, message, `${advice} Or set IBEX_FLIGHT_RECORDER_BYTES above 0.`);
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(3))} %`;
}
