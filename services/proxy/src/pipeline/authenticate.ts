import type { TokenVerdict } from '@ibex/api/auth';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';
import type { Authority } from '../auth/authority.ts';
import { quote } from '../json.ts';
import type { Step } from './time-steps.ts';

/** Whom a request acts for. */
export interface Caller {
  readonly orgId: string;
  /** Undefined for a token of the organisation itself. */
  readonly userId: string | undefined;
  readonly tokenId: string;
  /** What auth says about the token: role, limits, scopes. */
  readonly verdict: TokenVerdict;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by authentication; undefined before it. */
    caller: Caller | undefined;
  }
}

/** Tokens are printable ASCII; anything longer or stranger is refused without asking. */
const tokenPattern = /^[\x21-\x7e]{1,512}$/;
const bearerPattern = /^bearer(?: +(.*))?$/i;

function unauthorised(code: string, message: string): ApiError {
  return new ApiError(401, {
    type: 'authentication_error',
    code,
    message,
    headers: { 'www-authenticate': 'Bearer realm="ibex"' },
  });
}

/** The token of `Authorization: Bearer …` or `x-api-key`. */
export function readToken(request: FastifyRequest): string {
  const { authorization = '', 'x-api-key': apiKey = '' } = request.headers;
  const bearer = bearerPattern.exec(authorization);
  if (authorization !== '' && bearer === null) {
    throw unauthorised('invalid_api_key', 'The Authorization header must be "Bearer <token>".');
  }
  const token = authorization === '' ? String(apiKey) : (bearer?.[1] ?? '').trim();
  if (token === '') {
    throw unauthorised(
      'missing_api_key',
      'There is no token. Send it in the header "Authorization" after the word "Bearer", or in the header "x-api-key".',
    );
  }
  if (tokenPattern.test(token)) return token;
  throw unauthorised('invalid_api_key', 'The token is not one of this gateway.');
}

function toCaller(verdict: TokenVerdict): Caller {
  switch (verdict.status) {
    case 'TOKEN_STATUS_OK':
      return {
        orgId: verdict.orgId,
        userId: verdict.userId === '' ? undefined : verdict.userId,
        tokenId: verdict.tokenId,
        verdict,
      };
    case 'TOKEN_STATUS_EXPIRED':
      throw unauthorised('token_expired', 'The token has expired. Ask an admin for a new one.');
    case 'TOKEN_STATUS_REVOKED':
      throw unauthorised('token_revoked', 'The token was revoked. Ask an admin for a new one.');
    default:
      throw unauthorised('invalid_api_key', 'The token is not one of this gateway.');
  }
}

function checkOrganisation(request: FastifyRequest, caller: Caller): void {
  const named = request.headers['openai-organization'];
  if (named === undefined || named === '' || named === caller.orgId) return;
  throw unauthorised(
    'mismatched_organization',
    `The token does not belong to the organisation ${quote(String(named))} of the OpenAI-Organization header. Leave the header out or use a token of that organisation.`,
  );
}

function admit(request: FastifyRequest, verdict: TokenVerdict): undefined {
  const caller = toCaller(verdict);
  checkOrganisation(request, caller);
  request.caller = caller;
  request.ibex.orgId = caller.orgId;
  if (caller.userId !== undefined) request.ibex.userId = caller.userId;
}

/** Second step: who is calling. Logs and spans of the request carry the organisation and the user from here on. */
export function authenticate({ authority }: { readonly authority: Authority }): Step {
  return (request) => {
    const verdict = authority.judgeToken(readToken(request), { clientAddress: request.ip });
    if (verdict instanceof Promise) return verdict.then((judged) => admit(request, judged));
    return admit(request, verdict);
  };
}

/** The caller of an authenticated request. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === undefined) throw new Error('authenticate must run before this step');
  return request.caller;
}
