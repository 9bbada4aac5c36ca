import { types } from 'node:util';
import { toText } from '../privacy/text.ts';

/** What is known of something thrown; all of it text, whatever was thrown. */
export interface ThrownDescription {
  /** Name of the error's class, or the type of a value that is no error. */
  readonly type: string;
  readonly message: string;
  readonly stack: string;
}

/** Describes what was thrown. Never throws itself, whatever its getters or its prototype do. */
export function describeThrown(thrown: unknown): ThrownDescription {
  try {
    if (thrown instanceof Error || types.isNativeError(thrown)) {
      const { name, message, stack = '' } = thrown;
      return { type: toText(name), message: toText(message), stack: toText(stack) };
    }
  } catch {
    return { type: 'object', message: '[unreadable]', stack: '' };
  }
  // As a text, a list would have its keys and values side by side.
  const message = Array.isArray(thrown) ? '[object Array]' : toText(thrown);
  return { type: typeof thrown, message, stack: '' };
}

/** The attributes of an `exception` event (OpenTelemetry semantic conventions). */
export function exceptionAttributes(error: unknown): Record<string, string> {
  const { type, message, stack } = describeThrown(error);
  return {
    'exception.type': type,
    'exception.message': message,
    ...(stack === '' ? {} : { 'exception.stacktrace': stack }),
  };
}
