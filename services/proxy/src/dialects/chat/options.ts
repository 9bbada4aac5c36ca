import { anyCount, type OptionRules, samplingRules } from '../check-options.ts';

/** Ranges of the API; a provider may be stricter and says so itself. */
export const chatOptions: OptionRules = {
  numbers: {
    ...samplingRules,
    max_tokens: anyCount,
    max_completion_tokens: anyCount,
    n: { minimum: 1, maximum: 128, integer: true },
    top_logprobs: { minimum: 0, maximum: 20, integer: true },
  },
  booleans: ['stream', 'logprobs', 'parallel_tool_calls', 'store'],
  arrays: ['tools', 'functions', 'modalities'],
};
