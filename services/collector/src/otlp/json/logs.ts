import type { DecodeContext } from '../decode-context.ts';
import type { LogDraft } from '../log-records.ts';
import { acceptLog, newLogDraft } from '../log-records.ts';
import { boundName, readAnyValue, readAttributes, readGroups } from './common.ts';
import type { JsonObject } from './fields.ts';
import { enumField, hexField, integerField, objectField, stringField } from './fields.ts';

const SEVERITY_NAMES = [
  'SEVERITY_NUMBER_UNSPECIFIED',
  ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((level) =>
    ['', '2', '3', '4'].map((step) => `SEVERITY_NUMBER_${level}${step}`),
  ),
];

/**
 * Decodes a JSON ExportLogsServiceRequest into the context's batch.
 * @throws {MalformedOtlpError} when a field has the wrong type.
 */
export function readLogs(request: JsonObject, context: DecodeContext): void {
  readGroups(request, {
    keys: ['resourceLogs', 'scopeLogs', 'logRecords'],
    context,
    readRecord: (log, origin) => acceptLog(readLogRecord(log, context), { origin, context }),
  });
}

function readLogRecord(log: JsonObject, context: DecodeContext): LogDraft {
  const draft = newLogDraft(context);
  draft.timeUnixNano = integerField(log, 'timeUnixNano');
  draft.observedTimeUnixNano = integerField(log, 'observedTimeUnixNano');
  draft.severityNumber = enumField(log, 'severityNumber', SEVERITY_NAMES);
  draft.severityText = stringField(log, 'severityText');
  draft.body = objectField(log, 'body', (body) => readAnyValue(body, { context, depth: 0 })) ?? null;
  draft.eventName = boundName(stringField(log, 'eventName'), context);
  draft.traceId = hexField(log, 'traceId');
  draft.spanId = hexField(log, 'spanId');
  readAttributes(log, draft.attributes, context);
  return draft;
}
