/** Why a call to the back end failed. `status` is 0 when no answer came at all. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;

  constructor(message: string, facts: { status: number; code: string; requestId?: string | null }) {
    super(message);
    this.name = 'ApiProblem';
    this.status = facts.status;
    this.code = facts.code;
    this.requestId = facts.requestId ?? null;
  }
}

/** Reads the error envelope of the API; any other body (a gateway's page, an empty answer) becomes a plain sentence. */
export function problemFromResponse(response: Response, body: unknown): ApiProblem {
  const headerId = response.headers.get('x-request-id');
  const error = envelopeOf(body);
  if (error === null) {
    return new ApiProblem(`The console's back end answered ${response.status} without an explanation.`, {
      status: response.status,
      code: 'unexpected_answer',
      requestId: headerId,
    });
  }
  const { message, code, requestId } = error;
  return new ApiProblem(message, { status: response.status, code, requestId: requestId ?? headerId });
}

/** The failure of a call that never got an answer. */
export function problemFromNetwork(): ApiProblem {
  return new ApiProblem(
    "The console's back end did not answer. Check that `npm start` is still running, then try again.",
    { status: 0, code: 'unreachable' },
  );
}

function envelopeOf(body: unknown): { message: string; code: string; requestId: string | null } | null {
  if (typeof body !== 'object' || body === null || !('error' in body)) return null;
  const { error } = body;
  if (typeof error !== 'object' || error === null) return null;
  const message = 'message' in error && typeof error.message === 'string' ? error.message : '';
  if (message === '') return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
  const requestId = 'requestId' in error && typeof error.requestId === 'string' ? error.requestId : null;
  return { message, code, requestId };
}
