const prose = 'Ibex forwards what it is given and says afterwards what happened to it. ';

/** A request of about 1 KB. */
export const requestBody = JSON.stringify({
  model: 'gpt-4o-mini',
  temperature: 0.2,
  messages: [
    { role: 'system', content: prose.repeat(3) },
    { role: 'user', content: prose.repeat(9) },
  ],
});

/** An answer of about 1 KB. */
export const responseBody = JSON.stringify({
  id: 'chatcmpl-0af7651916cd43dd',
  object: 'chat.completion',
  created: 1_772_519_804,
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: prose.repeat(10) }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 180, completion_tokens: 156, total_tokens: 336 },
});
