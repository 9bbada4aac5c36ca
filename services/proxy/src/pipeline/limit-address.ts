import type { Telemetry } from '@ibex/telemetry';
import type { AddressLimiter } from '../limits/address-limiter.ts';
import type { Step } from './time-steps.ts';
import { tooManyRequests } from './too-many-requests.ts';

export interface LimitAddressParts {
  readonly addressLimiter: AddressLimiter;
  readonly telemetry: Telemetry;
}

/** First step: a coarse limit per client address, so that a flood costs neither the auth service nor memory. */
export function limitAddress(parts: LimitAddressParts): Step {
  const denied = parts.telemetry.metrics.counter('ibex_proxy_rate_limited_total').bind({ result: 'denied' });
  const refusals = parts.telemetry.metrics
    .counter('ibex_proxy_limit_refusals_total')
    .bind({ scope: 'address', limit: 'requests' });
  return (request) => {
    const waitMs = parts.addressLimiter.check(request.ip);
    if (waitMs === undefined) return undefined;
    denied.increment();
    refusals.increment();
    throw tooManyRequests('This address sends too many requests.', waitMs);
  };
}
