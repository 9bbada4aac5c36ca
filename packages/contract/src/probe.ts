/**
 * One request that makes a service show its telemetry. `ibex gate` sends the probes of a service in order and holds
 * what the service says about them against the contract. Texts may name values in braces: `{api_key}`, `{origin}`,
 * or what an earlier probe remembered; a probe whose values are not known is left out, and the gate says so.
 */
export interface ProbeDefinition {
  /** Unique in its service, e.g. `unknown-model`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** The route template the service has to recognise; its server span is `{method} {route}`. */
  readonly route: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** The status the service has to answer. */
  readonly status: number;
  /** False for probes of health and scrapes: they are counted, but neither traced nor logged. Default true. */
  readonly traced?: boolean;
  /** True when it changes what the service keeps: then it is sent only to a service the gate has started itself. */
  readonly mutates?: boolean;
  /** Keeps the answer's cookie, or a field of its JSON body, for later probes. */
  readonly remember?: { readonly name: string; readonly from: 'cookie' | { readonly field: string } };
}

/** The probes of each service. */
export type Probes = Readonly<Record<string, readonly ProbeDefinition[]>>;
