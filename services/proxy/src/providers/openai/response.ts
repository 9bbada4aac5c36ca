import { isObject, type JsonObject } from '../../json.ts';
import type { CallReport, Usage } from '../call-report.ts';

const maximumNameLength = 200;
const maximumFinishReasons = 128;

function name(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, maximumNameLength) : undefined;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Token counts, when both are there: half a count is none. */
export function readUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const inputTokens = count(value.prompt_tokens);
  const outputTokens = count(value.completion_tokens);
  return inputTokens === undefined || outputTokens === undefined ? undefined : { inputTokens, outputTokens };
}

/** Tells the report what a completion or a chunk of one says about itself. */
export function observeBody(body: JsonObject, report: CallReport): void {
  report.responseId ??= name(body.id);
  report.responseModel ??= name(body.model);
  const usage = readUsage(body.usage);
  if (usage !== undefined) report.countTokens(usage, 'provider');
  if (!Array.isArray(body.choices)) return;
  for (const choice of body.choices) {
    const reason = isObject(choice) ? name(choice.finish_reason) : undefined;
    if (reason !== undefined && report.finishReasons.length < maximumFinishReasons) {
      report.finishReasons.push(reason);
    }
  }
}
