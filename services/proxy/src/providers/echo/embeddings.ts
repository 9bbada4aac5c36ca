import { hash } from 'node:crypto';
import { embeddingsBody } from '../../dialects/embeddings/answer.ts';
import type { ModelRequest } from '../../dialects/model-request.ts';
import { readTexts } from '../../dialects/tokens.ts';
import type { CallReport } from '../call-report.ts';
import { estimateTokens } from './response.ts';

const defaultDimensions = 256;
const digestBytes = 32;

/** Numbers between -1 and 1 that follow from the text alone. */
function numbers(text: string, count: number): number[] {
  const found: number[] = [];
  for (let block = 0; found.length < count; block += 1) {
    const digest = hash('sha256', `${block}\n${text}`, 'buffer');
    for (let offset = 0; offset < digestBytes; offset += 1) found.push(digest.readInt8(offset) / 128);
  }
  return found.slice(0, count);
}

/** A vector of length 1: equal texts have equal ones, and different texts different ones, which mean nothing. */
function embed(text: string, dimensions: number): number[] {
  const vector = numbers(text, dimensions);
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

/** The vectors of the inputs, with the tokens by rule of thumb. */
export function echoEmbeddings({ body, model }: ModelRequest, { answer }: CallReport): Uint8Array {
  const texts = readTexts(body.input);
  const dimensions = Number(body.dimensions ?? defaultDimensions);
  const inputTokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  answer.name(undefined, model);
  answer.countTokens({ inputTokens, outputTokens: 0 }, 'estimated');
  const vectors = texts.map((text) => embed(text, dimensions));
  return Buffer.from(
    JSON.stringify(embeddingsBody({ model, vectors, format: body.encoding_format, inputTokens })),
  );
}
