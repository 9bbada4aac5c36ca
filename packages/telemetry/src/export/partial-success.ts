import { wireFields } from './wire-fields.ts';

/** What an OTLP receiver says it did not take of a batch it otherwise took. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

/**
 * Reads `partial_success` (field 1: rejected count in field 1, message in field 2) of an OTLP export response. Anything
 * that is no such response says nothing was rejected: the receiver has answered with success.
 */
export function readPartialSuccess(response: Uint8Array): PartialSuccess {
  const message = new Map(wireFields(response)).get(1);
  if (!(message instanceof Uint8Array)) return { rejected: 0, message: '' };
  const fields = new Map(wireFields(message));
  const rejected = fields.get(1);
  const text = fields.get(2);
  return {
    rejected: typeof rejected === 'number' && rejected > 0 ? rejected : 0,
    message: text instanceof Uint8Array ? Buffer.from(text).toString() : '',
  };
}
