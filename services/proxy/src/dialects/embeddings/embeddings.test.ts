import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../api-error.ts';
import { readTexts } from '../tokens.ts';
import { embeddingsBody } from './answer.ts';
import { readEmbeddingsRequest } from './request.ts';

const bytes = Buffer.from('{}');

test('takes a text, tokens, or lists of either', () => {
  for (const input of ['a', ['a', 'b'], [1, 2], [[1, 2], [3]]]) {
    assert.equal(readEmbeddingsRequest({ model: 'm', input }, bytes).dialect, 'embeddings');
  }
  assert.deepEqual(readTexts('a'), ['a']);
  assert.deepEqual(readTexts([1, 2]), ['1,2']);
  assert.deepEqual(readTexts(['a', 'b']), ['a', 'b']);
});

test('names the field at fault', () => {
  const faults: readonly [object, string][] = [
    [{}, 'input'],
    [{ input: '' }, 'input'],
    [{ input: [] }, 'input'],
    [{ input: ['a', ''] }, 'input'],
    [{ input: Array.from({ length: 2049 }, () => 'a') }, 'input'],
    [{ input: 'a', encoding_format: 'hex' }, 'encoding_format'],
    [{ input: 'a', dimensions: 0 }, 'dimensions'],
    [{ input: 'a', model: '' }, 'model'],
  ];
  for (const [body, param] of faults) {
    assert.throws(
      () => readEmbeddingsRequest({ model: 'm', ...body }, bytes),
      (error) => error instanceof ApiError && error.param === param,
      param,
    );
  }
});

test('writes vectors as numbers or as 32-bit floats in base64, and no usage that nobody counted', () => {
  const vectors = [[0.5, -1]];
  const plain = embeddingsBody({ model: 'm', vectors, format: undefined, inputTokens: 3 });
  assert.deepEqual(plain, {
    object: 'list',
    data: [{ object: 'embedding', index: 0, embedding: [0.5, -1] }],
    model: 'm',
    usage: { prompt_tokens: 3, total_tokens: 3 },
  });
  const encoded = embeddingsBody({ model: 'm', vectors, format: 'base64', inputTokens: undefined });
  assert.equal(encoded.usage, undefined);
  const [{ embedding }] = encoded.data as [{ embedding: string }];
  const floats = Buffer.from(embedding, 'base64');
  assert.deepEqual([floats.readFloatLE(0), floats.readFloatLE(4)], [0.5, -1]);
});
