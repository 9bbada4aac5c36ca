import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ModelRequest } from '../dialects/model-request.ts';
import type { Limiter, LimitVerdict } from '../limits/limiter.ts';
import type { LimitSubject, LimitSubjects } from '../limits/subjects.ts';
import { type NowOrLater, whenKnown } from '../now-or-later.ts';
import { callerOf } from './authenticate.ts';
import { limitError, writeLimitHeaders } from './limit-headers.ts';
import type { Admission, AdmissionEnd } from './serve.ts';
import type { Step } from './time-steps.ts';

export interface LimitCallerParts {
  readonly limiter: Limiter;
  readonly limitSubjects: LimitSubjects;
}

const bytesPerToken = 4;

function subjectsOf(request: FastifyRequest, { limitSubjects }: LimitCallerParts): readonly LimitSubject[] {
  const { verdict } = callerOf(request);
  return limitSubjects.of(verdict, request.namedAgent);
}

function take(
  wanted: { subjects: readonly LimitSubject[]; tokens: number },
  { limiter, reply }: { limiter: Limiter; reply: FastifyReply },
): NowOrLater<LimitVerdict | undefined> {
  return whenKnown(limiter.take(wanted), (verdict) => {
    if (verdict === undefined) return undefined;
    writeLimitHeaders(reply, verdict.used);
    if (verdict.refusal !== undefined) throw limitError(verdict.refusal, wanted.tokens);
    return verdict;
  });
}

/** Refuses who has no request left for the moment before the body is read: a flood of them costs next to nothing. */
export function refuseSpent(parts: LimitCallerParts): Step {
  return (request, reply) => {
    const subjects = subjectsOf(request, parts);
    const refusal = parts.limiter.knownRefusal(subjects);
    if (refusal === undefined) return undefined;
    const { subject, used: requests } = refusal;
    writeLimitHeaders(reply, [{ subject, requests, tokens: 0, concurrent: 0 }]);
    throw limitError(refusal, 0);
  };
}

/** Counts a request that asks no model. */
export function limitRequest(parts: LimitCallerParts): Step {
  return (request, reply) => {
    const wanted = { subjects: subjectsOf(request, parts), tokens: 0 };
    const taken = take(wanted, { limiter: parts.limiter, reply });
    return taken instanceof Promise ? taken.then(() => undefined) : undefined;
  };
}

/** What a request may take at most, by rule of thumb: a token for every four bytes, and its own limit of the answer. */
export function estimateTokens({ bytes, maximumTokens = 0 }: ModelRequest): number {
  return Math.max(1, Math.ceil(bytes.length / bytesPerToken) + maximumTokens);
}

/** Counts a request for a model, reserves its tokens and its place, and puts the tokens right at its end. */
export function limitCall(parts: LimitCallerParts): Admission {
  return (modelRequest, { request, reply }) => {
    const wanted = { subjects: subjectsOf(request, parts), tokens: estimateTokens(modelRequest) };
    return whenKnown(
      take(wanted, { limiter: parts.limiter, reply }),
      (verdict) => verdict && ((end) => verdict.settle(actualTokens(end, wanted.tokens))),
    );
  };
}

/** Without a count: what was reserved if there was an answer, and nothing if there was none. */
function actualTokens(end: AdmissionEnd, reserved: number): number {
  if (end === undefined) return 0;
  const { usage, chunkCount } = end.report.answer;
  if (usage !== undefined) return usage.inputTokens + usage.outputTokens;
  const answered = end.failure === undefined || chunkCount > 0;
  return answered && end.report.origin.dialect !== 'count_tokens' ? reserved : 0;
}
