/** What the model does to a request. `long` is a stream that is to be left. */
export type Fault = 'none' | 'stream' | 'long' | 'slow' | 'error' | 'limited' | 'cut';

export const promptTokens = 30;

const head = { id: 'chatcmpl-soak', created: 1_772_519_804, model: 'soak' };

function usage(completionTokens: number) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

export const completion = {
  ...head,
  object: 'chat.completion',
  choices: [
    { index: 0, message: { role: 'assistant', content: 'forwards '.repeat(20) }, finish_reason: 'stop' },
  ],
  usage: usage(20),
};

function event(choices: readonly unknown[], more: object = {}): string {
  return `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...more })}\n\n`;
}

/** A stream of so many tokens, up to its usage. */
export function streamEvents(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    event([
      { index: 0, delta: { content: ' forwards' }, finish_reason: index === count - 1 ? 'stop' : null },
    ]),
  );
}

export function usageEvent(count: number): string {
  return event([], { usage: usage(count) });
}
