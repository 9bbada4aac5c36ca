import type { LogFieldsOf } from '@ibex/contract';
import type { Telemetry } from '../../telemetry.ts';
import type { AttributeValue } from '../../traces/span.ts';
import type { Canary } from './canary.ts';

/**
 * Does with a canary what a careless service would: it becomes part of log messages, fields and errors, of a span's name,
 * attributes, events, links, exceptions and status.
 */
export function plantCanary(telemetry: Telemetry, canary: Canary): void {
  plantInLogs(telemetry, canary);
  plantInSpan(telemetry, canary);
}

function plantInLogs({ logger }: Telemetry, { key, secret, value }: Canary): void {
  const fields = (given: object) => given as LogFieldsOf<Telemetry['contract']>;
  if (typeof value === 'string') {
    logger.info(`told ${value}`, { reason: value });
    logger.warn('told', fields({ [value.slice(0, 2_000)]: 1 }));
  }
  logger.error('told', { error: value, details: { value } });
  logger.debug('told', fields({ unknown: value, ...(key === undefined ? {} : { [key]: secret }) }));
}

function plantInSpan({ tracer }: Telemetry, { key, secret, value }: Canary): void {
  const text = typeof value === 'string' ? value : 'work';
  // What libraries written in JavaScript pass.
  const loose = value as AttributeValue;
  const attributes = {
    note: loose,
    list: [text, loose] as string[],
    ...(key === undefined ? {} : { [key]: secret }),
  };
  const span = tracer.startSpan(text, { parent: null, attributes });
  const context = { traceId: span.traceId, spanId: span.spanId, sampled: true, traceState: '' };
  span.setAttribute(text, 1).addEvent(text, attributes).addLink({ context, attributes });
  span.recordException(value).recordException(new Error(text, { cause: value }));
  span.updateName(`renamed ${text}`).setStatus('error', text).end();
}
