import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { fileURLToPath } from 'node:url';

/** An answer as a client saw it, whole or as far as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Whether the body came to its end. */
  readonly complete: boolean;
}

interface ErrorOfAnswer {
  readonly code: string;
  readonly message: string;
  readonly type?: string;
  readonly request_id?: string;
}

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const stack = /\n\s+at |\.ts:\d+|\.js:\d+|node:internal|node_modules/;
const credentialsInUrl = /\w+:\/\/[^\s/"]*:[^\s/"]*@/;

/** The errors of an answer: its body, or the events of a stream that are errors. */
export function errorsOf({ body, status }: Pick<Answer, 'body' | 'status'>): readonly ErrorOfAnswer[] {
  const events = [...body.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => data ?? '');
  const texts = status >= 400 ? [body] : events.filter((data) => data.includes('"error":'));
  return texts
    .map((text) => (JSON.parse(text) as { error?: ErrorOfAnswer }).error)
    .filter((error) => error !== undefined);
}

/** A service that is not ready says so without having failed to answer. */
function isReadiness(body: string): boolean {
  return 'dependencies' in (JSON.parse(body) as object);
}

/**
 * What every answer of the gateway must be, whatever went wrong: an error names its request as the headers do, and nothing
 * carries a key, a URL with credentials, a stack, or a path of the machine.
 */
export function checkAnswer(answer: Answer, secrets: readonly string[]): void {
  const text = `${JSON.stringify(answer.headers)}\n${answer.body}`;
  for (const secret of secrets) assert.ok(!text.includes(secret), `a secret is in ${text}`);
  assert.doesNotMatch(text, credentialsInUrl);
  assert.doesNotMatch(text, stack);
  assert.ok(!text.includes(root), `a path of the machine is in ${text}`);
  const errors = answer.status === 503 && isReadiness(answer.body) ? [] : errorsOf(answer);
  if (answer.status >= 400 && !isReadiness(answer.body)) assert.equal(errors.length, 1, text);
  for (const error of errors) {
    const requestId = error.request_id;
    assert.ok(error.type !== undefined && error.code.length > 0, text);
    assert.match(requestId ?? '', /^[A-Za-z0-9._-]{8,64}$/, text);
    assert.equal(requestId, answer.headers['x-request-id'], text);
    assert.ok(error.message.length > 10 && error.message.length < 3000, text);
  }
}
