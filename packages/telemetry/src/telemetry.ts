import type { ConfiguredSetName, ContractDefinition, IbexContract } from '@ibex/contract';
import type { Boundaries } from './boundaries/boundaries.ts';
import type { TelemetrySettings } from './config/settings.ts';
import type { FlightRecorder } from './flight-recorder/flight-recorder.ts';
import type { Logger } from './logs/logger.ts';
import type { MetricRegistry } from './metrics/registry.ts';
import type { Sanitiser } from './privacy/sanitiser.ts';
import type { Tracer } from './traces/tracer.ts';

export type ServiceName = IbexContract['services'][number];

/** The telemetry of one process: made once at start-up by `startTelemetry`, stopped last. */
export interface Telemetry {
  /** Its name in the contract. */
  readonly service: string;
  readonly contract: IbexContract;
  /** service.name, service.version, deployment.environment, service.instance.id. */
  readonly resource: Readonly<Record<string, string>>;
  readonly settings: TelemetrySettings;
  readonly metrics: MetricRegistry<IbexContract>;
  readonly logger: Logger<IbexContract>;
  readonly tracer: Tracer;
  /** Holds the spans of unsampled traces; undefined when it is off or nothing is exported. */
  readonly flightRecorder: FlightRecorder | undefined;
  readonly sanitiser: Sanitiser;
  /** Whom it believes and tells what. */
  readonly boundaries: Boundaries;
  /**
   * Delivers what waits, for at most `timeoutMs` (default 2,000), then lets go of it; what is lost is counted and
   * logged. An absent collector never delays the exit beyond that.
   */
  stop(options?: { timeoutMs?: number }): Promise<void>;
}

export type ConfiguredValues<Contract extends ContractDefinition = IbexContract> = {
  readonly [Name in ConfiguredSetName<Contract>]?: readonly string[];
};

/** A team's own contract: one that extends the shipped one, whose metrics the toolkit itself moves. */
export type OwnContract = ContractDefinition & {
  readonly metrics: {
    readonly [Name in keyof IbexContract['metrics']]: Pick<IbexContract['metrics'][Name], 'type'>;
  };
};

/** Telemetry that also speaks a team's own contract: its services, metrics, routes and log fields. */
export type TelemetryOf<Contract extends OwnContract> = {
  readonly service: Contract['services'][number];
  readonly metrics: MetricRegistry<Contract>;
  readonly logger: Logger<Contract>;
} & Telemetry;
