import type { JsonObject } from '../../json.ts';

function encode(vector: readonly number[], format: unknown): unknown {
  if (format !== 'base64') return vector;
  return Buffer.from(Float32Array.from(vector).buffer).toString('base64');
}

export interface EmbeddingsAnswer {
  readonly model: string;
  readonly vectors: readonly (readonly number[])[];
  /** As the client asked for it: numbers, or 32-bit floats (little-endian) in base64. */
  readonly format: unknown;
  /** Left out when nobody counted. */
  readonly inputTokens: number | undefined;
}

/** Vectors as the answer of `POST /v1/embeddings`. */
export function embeddingsBody({ model, vectors, format, inputTokens }: EmbeddingsAnswer): JsonObject {
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: encode(vector, format) })),
    model,
    ...(inputTokens === undefined
      ? {}
      : { usage: { prompt_tokens: inputTokens, total_tokens: inputTokens } }),
  };
}
