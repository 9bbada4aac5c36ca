import type { IncomingHttpHeaders } from 'node:http';
import type { Encoding } from '../../otlp/decode.ts';

const MEDIA_TYPES: Readonly<Record<Encoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** The encoding a request's `Content-Type` names; undefined for any other type. */
export function encodingOf(headers: IncomingHttpHeaders): Encoding | undefined {
  const mediaType = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === MEDIA_TYPES.protobuf) return 'protobuf';
  return mediaType === MEDIA_TYPES.json ? 'json' : undefined;
}

/** The `Content-Type` of an answer. */
export function mediaTypeOf(encoding: Encoding): string {
  return MEDIA_TYPES[encoding];
}

/** How a request's body is compressed; undefined for an encoding the receiver does not know. */
export function compressionOf(headers: IncomingHttpHeaders): 'gzip' | 'identity' | undefined {
  const name = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (name === 'gzip' || name === 'x-gzip') return 'gzip';
  return name === 'identity' || name === '' ? 'identity' : undefined;
}
