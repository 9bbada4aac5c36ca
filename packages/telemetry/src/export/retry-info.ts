import { wireFields } from './wire-fields.ts';

const retryInfoName = 'google.rpc.RetryInfo';

/**
 * Reads `google.rpc.RetryInfo` among the details of a `google.rpc.Status`, as a gRPC server sends them in
 * `grpc-status-details-bin`.
 *
 * @returns The pause in milliseconds, 0 when none is named; undefined when there is no RetryInfo.
 */
export function readRetryInfo(status: Uint8Array): number | undefined {
  for (const [field, detail] of wireFields(status)) {
    if (field !== 3 || !(detail instanceof Uint8Array)) continue;
    const any = new Map(wireFields(detail));
    const [typeUrl, value] = [any.get(1), any.get(2)];
    if (
      typeUrl instanceof Uint8Array &&
      Buffer.from(typeUrl).toString().split('/').at(-1) === retryInfoName
    ) {
      return delayOf(value);
    }
  }
  return undefined;
}

/** `retry_delay` is field 1, a Duration of seconds and nanoseconds. */
function delayOf(retryInfo: number | Uint8Array | undefined): number {
  if (!(retryInfo instanceof Uint8Array)) return 0;
  const duration = new Map(wireFields(retryInfo)).get(1);
  if (!(duration instanceof Uint8Array)) return 0;
  const fields = new Map(wireFields(duration));
  const delayMs = Number(fields.get(1) ?? 0) * 1000 + Number(fields.get(2) ?? 0) / 1e6;
  return Number.isFinite(delayMs) ? delayMs : 0;
}
