import { invalidRequest } from '../../api-error.ts';
import { embeddingsBody } from '../../dialects/embeddings/answer.ts';
import { type ModelRequest, withBody } from '../../dialects/model-request.ts';
import { readTexts } from '../../dialects/tokens.ts';
import { isObject, type JsonObject } from '../../json.ts';
import type { Translation } from '../translation.ts';

function toBody({ body, model }: ModelRequest): JsonObject {
  const inputs: unknown = body.input;
  const tokens = Array.isArray(inputs) && inputs.some((input) => typeof input !== 'string');
  if (tokens) {
    throw invalidRequest('input must be text for this model, whose provider has another vocabulary.', {
      param: 'input',
      code: 'unsupported_value',
    });
  }
  const requests = readTexts(inputs).map((text) => ({
    model: `models/${model}`,
    content: { parts: [{ text }] },
    outputDimensionality: body.dimensions,
  }));
  return { requests };
}

function vectorsOf(body: JsonObject): readonly (readonly number[])[] {
  const embeddings = (Array.isArray(body.embeddings) ? body.embeddings : []).filter(isObject);
  return embeddings.map(({ values }) => (Array.isArray(values) ? values.map(Number) : []));
}

/** Lets clients of OpenAI's embeddings use providers of batchEmbedContents. */
export const embeddingsToEmbedContent: Translation = {
  from: 'embeddings',
  to: 'embed_content',
  request: (request) => withBody(request, toBody(request), { dialect: 'embed_content' }),
  answer: (answer, { request: { model, body } }) =>
    embeddingsBody({
      model,
      vectors: vectorsOf(answer),
      format: body.encoding_format,
      inputTokens: undefined,
    }),
  stream: () => ({ event: () => [], end: () => [] }),
};
