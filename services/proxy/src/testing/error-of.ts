import assert from 'node:assert/strict';

/** An error as clients of OpenAI know it. */
export interface ErrorAnswer {
  readonly error: { message: string; type: string; param: string | null; code: string; request_id: string };
}

/** Checks what every error must have, and returns it. */
export async function errorOf(
  response: Response,
  status: number,
  code: string,
): Promise<ErrorAnswer['error']> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  const { error } = JSON.parse(text) as ErrorAnswer;
  assert.equal(error.code, code);
  assert.deepEqual(Object.keys(error), ['message', 'type', 'param', 'code', 'request_id']);
  assert.equal(response.headers.get('x-request-id'), error.request_id);
  assert.match(response.headers.get('x-trace-id') ?? '', /^[0-9a-f]{32}$/);
  assert.ok(error.message.length > 10 && error.message.length < 3000);
  return error;
}
