import { choicesObserver } from '../chat/observer.ts';

/** Reads text completions, whole or in chunks. */
export const completionsObserver = choicesObserver(({ text }) => typeof text === 'string' && text !== '');
