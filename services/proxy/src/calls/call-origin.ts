import type { HttpRequestRecord } from '@ibex/telemetry/http';
import type { EndpointDialect } from '../dialects/dialect.ts';
import type { Caller } from '../pipeline/authenticate.ts';
import type { CallTiming } from './call-timing.ts';

/** Where a call comes from: the request it is made for. */
export interface CallOrigin {
  readonly requestId: string;
  /** The endpoint's dialect. */
  readonly dialect: EndpointDialect;
  /** As the client asked for it. */
  readonly model: string;
  /** Undefined where nobody is authenticated, as in tests. */
  readonly caller: Caller | undefined;
  /** The agent the client named, known to be one of the organisation. */
  readonly agentId: string | undefined;
  /** Where the time of the request goes. */
  readonly timing: CallTiming;
  /** The record of the HTTP request, whose log line tells how the call ended. */
  readonly record: HttpRequestRecord | undefined;
}
