import { Readable } from 'node:stream';

/**
 * Tells when an answer's stream fails, whoever reads it; the stream stays as it is. What is no stream is left alone. Of a
 * stream that fails when its head is on the wire, Fastify tells nobody.
 */
export function watchStream(payload: unknown, onError: (error: unknown) => void): void {
  if (payload instanceof Readable) payload.once('error', onError);
  else if (payload instanceof ReadableStream) watchReader(payload, onError);
}

/** A web stream can be watched only where it is read. */
function watchReader(stream: ReadableStream, onError: (error: unknown) => void): void {
  const { getReader } = stream;
  stream.getReader = ((...options: []) => {
    const reader = getReader.apply(stream, options);
    reader.closed.catch(onError);
    return reader;
  }) as typeof getReader;
}
