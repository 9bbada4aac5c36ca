const finishReasons: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
};

/** Why a message ended, in the words of chat completions. */
export function toFinishReason(stopReason: unknown): string {
  return finishReasons[String(stopReason)] ?? 'stop';
}
