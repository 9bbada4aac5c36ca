import type { DecodeContext } from '../decode-context.ts';
import { OTLP_LIMITS } from '../limits.ts';
import type { LogDraft } from '../log-records.ts';
import { acceptLog, newLogDraft } from '../log-records.ts';
import type { Decoding } from './common.ts';
import { readAnyValue, readAttribute, readGroups } from './common.ts';
import { WireReader } from './wire-reader.ts';

const NAMES = { resources: 'resource_logs', scopes: 'scope_logs' };

/**
 * Decodes an ExportLogsServiceRequest into the context's batch.
 * @throws {MalformedOtlpError} when the bytes are not that message.
 */
export function readLogs(body: Buffer, context: DecodeContext): void {
  const decoding = { reader: new WireReader(body), context };
  readGroups(decoding, {
    ...NAMES,
    readRecord: (origin) => acceptLog(readLogRecord(decoding), { origin, context }),
  });
}

/** opentelemetry.proto.logs.v1.LogRecord, in the current field. */
function readLogRecord(decoding: Decoding): LogDraft {
  const { reader, context } = decoding;
  return reader.message('log_records', () => {
    const log = newLogDraft(context);
    while (reader.next() !== 0) readLogField(decoding, log);
    return log;
  });
}

function readLogField(decoding: Decoding, log: LogDraft): void {
  const { reader, context } = decoding;
  switch (reader.field) {
    case 1:
      log.timeUnixNano = reader.fixed64('time_unix_nano');
      break;
    case 2:
      log.severityNumber = reader.uint32('severity_number');
      break;
    case 3:
      log.severityText = reader.string('severity_text');
      break;
    case 5:
      log.body = readAnyValue(decoding, { field: 'body', depth: 0 });
      break;
    case 6:
      readAttribute(decoding, log.attributes);
      break;
    case 7:
      log.attributes.dropped += reader.uint32('dropped_attributes_count');
      break;
    case 9:
      log.traceId = reader.hex('trace_id');
      break;
    case 10:
      log.spanId = reader.hex('span_id');
      break;
    case 11:
      log.observedTimeUnixNano = reader.fixed64('observed_time_unix_nano');
      break;
    case 12:
      log.eventName = context.boundText(reader.string('event_name'), OTLP_LIMITS.nameLength, 'name_length');
      break;
    default:
      reader.skip();
  }
}
