import { invalidRequest } from '../../api-error.ts';
import type { ModelRequest } from '../../dialects/model-request.ts';
import type { CallReport } from '../call-report.ts';
import type { Provider, ProviderTimeouts } from '../provider.ts';
import { echoTokenCount } from './count-tokens.ts';
import { echoEmbeddings } from './embeddings.ts';
import { die, echoName, fail, hang, pause } from './failure.ts';
import { type EchoRequest, readEchoRequest, readPrompt } from './request.ts';
import { answerBody, createAnswer } from './response.ts';
import { streamAnswer } from './stream.ts';

function checkChoices(request: ModelRequest): void {
  const choices = request.body.n ?? 1;
  if (choices !== 1) {
    throw invalidRequest(`n must be 1 for the model "echo": it is the number ${choices}.`, { param: 'n' });
  }
  const prompts = request.dialect === 'completions' ? readPrompt(request).length : 1;
  if (prompts > 1) {
    throw invalidRequest(`prompt must be one text for the model "echo": there are ${prompts}.`, {
      param: 'prompt',
    });
  }
}

/** Follows the instructions that come before any answer. */
async function begin(
  request: ModelRequest,
  options: { readonly report: CallReport; readonly timeouts: ProviderTimeouts },
): Promise<EchoRequest> {
  const { signal } = options.report;
  checkChoices(request);
  const echo = readEchoRequest(request);
  if (echo.latencyMs > 0) await pause(echo.latencyMs, signal);
  if (echo.hangMs !== undefined) await hang(echo.hangMs, { limitMs: options.timeouts.headersMs, signal });
  if (echo.failStatus !== undefined) throw fail(echo.failStatus);
  return echo;
}

/** Answers with the last user message, or the prompt. Needs no key and no network; docs/echo-provider.md lists its instructions. */
export function createEchoProvider(options: { readonly timeouts: ProviderTimeouts }): Provider {
  const { timeouts } = options;
  return {
    name: echoName,
    models: ['echo'],
    dialects: ['chat', 'completions', 'embeddings', 'count_tokens'],
    async generate(request, report) {
      if (request.dialect === 'embeddings') return echoEmbeddings(request, report);
      if (request.dialect === 'count_tokens') return echoTokenCount(request.body);
      const echo = await begin(request, { report, timeouts });
      if (echo.dieAfterChunks !== undefined) throw die();
      const answer = createAnswer(request, echo, report);
      report.answer.finish(answer.finishReason);
      report.answer.countTokens(answer.usage, 'estimated');
      return answerBody(answer, request);
    },
    async stream(request, report) {
      const echo = await begin(request, { report, timeouts });
      return streamAnswer(createAnswer(request, echo, report), { request, echo, report });
    },
    async close() {
      // It holds nothing.
    },
  };
}
