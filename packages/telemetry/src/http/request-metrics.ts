import { fold, httpMethods, type IbexContract, type LabelsOf, statusCodes } from '@ibex/contract';
import type { Telemetry } from '../telemetry.ts';
import type { RequestEnd } from './end.ts';
import { operationalRoutes } from './server-span.ts';

type HttpLabels = LabelsOf<IbexContract, 'http_requests_total'>;
type ProxyLabels = LabelsOf<IbexContract, 'ibex_proxy_requests_total'>;

/**
 * Moves the HTTP families, and in the proxy its own, at the end of each request. Probes and scrapes stay out of the
 * proxy's families: a not-ready probe is no failed request of a client.
 */
export function createRequestMetrics(telemetry: Telemetry): (end: RequestEnd) => void {
  const { metrics } = telemetry;
  const total = metrics.counter('http_requests_total');
  const duration = metrics.histogram('http_request_duration_seconds');
  const requestSize = metrics.histogram('http_request_size_bytes');
  const responseSize = metrics.histogram('http_response_size_bytes');
  const proxyTotal = metrics.counter('ibex_proxy_requests_total');
  const proxyDuration = metrics.histogram('ibex_proxy_request_duration_seconds');

  return ({ request, statusCode, durationSeconds, requestBytes, responseBytes }) => {
    const method = fold(httpMethods, request.method);
    const status = fold(statusCodes, String(statusCode));
    // The registry folds a route outside the closed set into `other`.
    const path = request.route as HttpLabels['path'];
    total.increment({ method, path, status });
    duration.observe({ method, path }, durationSeconds);
    requestSize.observe({ method, path }, requestBytes);
    responseSize.observe({ method, path }, responseBytes);
    if (telemetry.service !== 'proxy' || operationalRoutes.includes(request.route)) return;
    const labels = { route: request.route as ProxyLabels['route'], method, status_code: status };
    proxyTotal.increment(labels);
    proxyDuration.observe(labels, durationSeconds);
  };
}
