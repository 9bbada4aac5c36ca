import type { components } from '@ibex/api/telemetry';
import type { Sanitiser } from '@ibex/telemetry/privacy';

type Schemas = components['schemas'];
type Attributes = Schemas['Attributes'];

/** Takes secrets out of the free parts of an answer. What senders wrote is not ours to trust, whatever store it comes from. */
export interface AnswerSanitiser {
  trace(trace: Schemas['Trace']): Schemas['Trace'];
  spanPage(page: Schemas['SpanPage']): Schemas['SpanPage'];
  logPage(page: Schemas['LogPage']): Schemas['LogPage'];
}

/** Builds the sanitiser of the console's answers on the contract's sensitive keys and patterns. */
export function createAnswerSanitiser(sanitiser: Sanitiser): AnswerSanitiser {
  const text = (value: string) => sanitiser.redactText(value);
  const attributes = (value: Attributes) => sanitiser.sanitise(value) as Attributes;

  function span(value: Schemas['Span']): Schemas['Span'] {
    return {
      ...value,
      name: text(value.name),
      statusMessage: text(value.statusMessage),
      attributes: attributes(value.attributes),
      resource: attributes(value.resource),
      events: value.events.map((event) => ({
        ...event,
        name: text(event.name),
        attributes: attributes(event.attributes),
      })),
      links: value.links.map((link) => ({ ...link, attributes: attributes(link.attributes) })),
    };
  }

  function logRecord(value: Schemas['LogRecord']): Schemas['LogRecord'] {
    return {
      ...value,
      message: text(value.message),
      attributes: attributes(value.attributes),
      resource: attributes(value.resource),
    };
  }

  return {
    trace: (value) => ({ ...value, spans: value.spans.map(span) }),
    spanPage: (page) => ({
      ...page,
      spans: page.spans.map((item) => ({
        ...item,
        name: text(item.name),
        statusMessage: text(item.statusMessage),
      })),
    }),
    logPage: (page) => ({ ...page, logs: page.logs.map(logRecord) }),
  };
}
