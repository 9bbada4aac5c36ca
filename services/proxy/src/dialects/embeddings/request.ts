import { invalidRequest } from '../../api-error.ts';
import { describe } from '../../json.ts';
import type { ModelRequest } from '../model-request.ts';
import { readBodyObject, readModel } from '../read-model.ts';
import { isTokens } from '../tokens.ts';

const maximumInputs = 2048;
const maximumDimensions = 16_384;
const formats: readonly unknown[] = [undefined, 'float', 'base64'];

function isInput(value: unknown): boolean {
  if (typeof value === 'string') return value !== '';
  if (!Array.isArray(value) || value.length === 0) return false;
  if (isTokens(value)) return true;
  return (
    value.length <= maximumInputs &&
    value.every((item) => (typeof item === 'string' && item !== '') || isTokens(item))
  );
}

/**
 * Reads a request for embeddings.
 *
 * @throws {ApiError} 400 naming the field at fault.
 */
export function readEmbeddingsRequest(value: unknown, bytes: Uint8Array): ModelRequest {
  const body = readBodyObject(value);
  const model = readModel(body.model);
  if (!isInput(body.input)) {
    throw invalidRequest(
      `input must be a string, an array of tokens, or an array of at most ${maximumInputs} of either, none of them empty: it is ${describe(body.input)}.`,
      { param: 'input', code: body.input === undefined ? 'missing_required_parameter' : 'invalid_type' },
    );
  }
  if (!formats.includes(body.encoding_format)) {
    throw invalidRequest(
      `encoding_format must be float or base64: it is ${describe(body.encoding_format)}.`,
      { param: 'encoding_format' },
    );
  }
  const { dimensions } = body;
  const fits =
    Number.isInteger(dimensions) && Number(dimensions) >= 1 && Number(dimensions) <= maximumDimensions;
  if (dimensions !== undefined && !fits) {
    throw invalidRequest(
      `dimensions must be an integer between 1 and ${maximumDimensions}: it is ${describe(dimensions)}.`,
      { param: 'dimensions' },
    );
  }
  return {
    dialect: 'embeddings',
    model,
    stream: false,
    includeUsage: false,
    maximumTokens: undefined,
    body,
    bytes,
    headers: {},
  };
}
