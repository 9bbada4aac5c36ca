import type { ServiceName } from '../children/services.ts';
import type { LoadedContract } from '../contract/load.ts';

export const liveSubjects = ['metrics', 'traces', 'logs'] as const;
export type LiveSubject = (typeof liveSubjects)[number];

/** What a gate over running services is asked to do. */
export interface GateRequest {
  readonly subjects: readonly LiveSubject[];
  readonly target: StartTarget | ScriptTarget | AttachTarget;
  readonly contract: LoadedContract;
  /** The root of the workspace, where our services are. */
  readonly root: string;
  /** File names in findings are told from here. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface StartTarget {
  readonly kind: 'start';
  readonly services: readonly ServiceName[];
}

/** A service of another repository, started by the gate. */
export interface ScriptTarget {
  readonly kind: 'script';
  readonly script: string;
  readonly url: string;
  /** Base of its metrics, health and readiness; often the same as `url`. */
  readonly metricsUrl: string;
  readonly service: string;
  readonly readyPath: string;
  readonly metricsPath: string;
  readonly credentialsFile: string | undefined;
}

export interface AttachTarget {
  readonly kind: 'attach';
  readonly url: string;
  /** Base of its metrics, health and readiness; often the same as `url`. */
  readonly metricsUrl: string;
  /** Its name in the contract; asked of /healthz when it is not given. */
  readonly service: string | undefined;
  readonly metricsPath: string;
  /** JSON of values that probes name, such as credentials.json. */
  readonly credentialsFile: string | undefined;
  /** Where its spans and lines arrive. */
  readonly collector: { readonly url: string; readonly token: string } | undefined;
}
