/** What RPC spans carry, from a path such as `/ibex.auth.v1.AuthService/ValidateToken`. */
export function rpcOf(path: string): { name: string; method: string; attributes: Record<string, string> } {
  const name = path.replace(/^\//, '');
  const separator = name.lastIndexOf('/');
  const method = name.slice(separator + 1);
  return {
    name,
    method,
    attributes: {
      'rpc.system': 'grpc',
      'rpc.service': name.slice(0, Math.max(separator, 0)),
      'rpc.method': method,
    },
  };
}

/** Metadata keys that carry a request from process to process, besides `traceparent` and `tracestate`. */
export const metadataKeys = {
  requestId: 'x-request-id',
  correlationId: 'x-correlation-id',
  orgId: 'x-org-id',
  baggage: 'baggage',
} as const;
