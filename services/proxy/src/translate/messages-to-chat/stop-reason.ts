const stopReasons: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  function_call: 'tool_use',
  content_filter: 'refusal',
};

/** Why a completion ended, in the words of the Messages API. */
export function toStopReason(finishReason: unknown): string {
  return stopReasons[String(finishReason)] ?? 'end_turn';
}
