import type { LogFieldType } from '@ibex/contract';
import { shown } from '../model.ts';
import type { LogContext } from './context.ts';

type Line = Readonly<Record<string, unknown>>;

const requiredFields = ['time', 'level', 'msg', 'service'] as const;
const levels: readonly unknown[] = ['DEBUG', 'INFO', 'WARN', 'ERROR'];
const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const ids = {
  request_id: /^[A-Za-z0-9._-]{8,64}$/,
  correlation_id: /^[A-Za-z0-9._-]{8,64}$/,
  trace_id: /^[0-9a-f]{32}$/,
  span_id: /^[0-9a-f]{16}$/,
} as const;

/** One line for itself: its fields, their types, its ids, and that it holds no secret. */
export function checkLine(line: Line, context: LogContext): void {
  const name = nameOf(line);
  for (const field of requiredFields) {
    if (typeof line[field] === 'string' && line[field] !== '') continue;
    const message = 'every line has this field, a text that is not empty.';
    context.findings.add('required-fields', name, {
      label: field,
      message,
      contract: context.locate('logFields', field),
    });
  }
  checkFields(name, line, context);
  checkHead(name, line, context);
  checkIds(name, line, context);
  checkSecrets(name, line, context);
}

/** How a finding calls a line: by its message. */
export function nameOf(line: Line): string {
  return typeof line.msg === 'string' && line.msg !== ''
    ? `"${shown(line.msg).slice(0, 60)}"`
    : shown(line).slice(0, 60);
}

function checkFields(name: string, line: Line, { contract, findings, locate }: LogContext): void {
  for (const [field, value] of Object.entries(line)) {
    const definition = contract.logFields[field];
    if (definition === undefined) {
      const message =
        "the contract has no such field. Declare it in the contract's logFields, or use details.";
      findings.add('field-declared', name, { label: field, value, message, contract: locate('logFields') });
    } else if (!hasType(value, definition.type)) {
      const message = `it must be a ${definition.type}.`;
      findings.add('field-type', name, {
        label: field,
        value,
        message,
        contract: locate('logFields', field, 'type'),
      });
    }
  }
}

function hasType(value: unknown, type: LogFieldType): boolean {
  if (type === 'object') return typeof value === 'object' && value !== null;
  return typeof value === type;
}

function checkHead(name: string, { time, level, service }: Line, context: LogContext): void {
  const { findings, locate } = context;
  if (typeof time === 'string' && !(timePattern.test(time) && Number.isFinite(Date.parse(time)))) {
    const message = 'time must look like 2026-01-31T23:59:59.999Z.';
    findings.add('time-format', name, {
      label: 'time',
      value: time,
      message,
      contract: locate('logFields', 'time'),
    });
  }
  if (level !== undefined && !levels.includes(level)) {
    const message = `level must be one of ${levels.join(', ')}.`;
    findings.add('level-known', name, {
      label: 'level',
      value: level,
      message,
      contract: locate('logFields', 'level'),
    });
  }
  if (service !== undefined && service !== context.service) {
    const message = `service must be ${context.service}.`;
    findings.add('service-name', name, {
      label: 'service',
      value: service,
      message,
      contract: locate('logFields', 'service'),
    });
  }
}

/** A line with a request id, or with method and route, belongs to a request. */
function checkIds(name: string, line: Line, { findings, locate }: LogContext): void {
  const isOfRequest =
    line.request_id !== undefined || (line.method !== undefined && line.route !== undefined);
  for (const [field, pattern] of Object.entries(ids)) {
    const value = line[field];
    if (value === undefined && !isOfRequest) continue;
    if (typeof value === 'string' && pattern.test(value)) continue;
    const detail = value === undefined ? {} : { value };
    const message =
      value === undefined ? 'a line of a request has this id.' : `it must look like ${pattern.source}.`;
    findings.add('correlation-ids', name, {
      label: field,
      ...detail,
      message,
      contract: locate('logFields', field),
    });
  }
}

function checkSecrets(name: string, line: Line, { findings, secrets }: LogContext): void {
  for (const [field, value] of Object.entries(line)) {
    const found = secrets.inValue(field, value);
    if (found === undefined) continue;
    const message = `${found.reason}; the value is not shown here.`;
    findings.add('no-secret', name, { label: found.key, message });
  }
}
