import type { ContractDefinition, LogFieldsOf } from '@ibex/contract';
import { currentRequest, currentSpan } from '../context/scope.ts';
import type { Sanitiser } from '../privacy/sanitiser.ts';
import type { LogDestination } from './destination.ts';
import { formatJson, formatPretty } from './format.ts';
import { type LogFormat, type LogLevel, logLevels } from './levels.ts';

export interface LoggerOptions {
  readonly service: string;
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly sanitiser: Sanitiser;
  readonly destination: LogDestination;
}

type Write<Contract extends ContractDefinition> = (message: string, fields?: LogFieldsOf<Contract>) => void;

/**
 * Writes one line per call. Inside a request or span its ids are added. Field names are closed by the contract, values
 * are sanitised. Levels below the configured one are empty functions.
 */
export interface Logger<Contract extends ContractDefinition = ContractDefinition> {
  readonly debug: Write<Contract>;
  readonly info: Write<Contract>;
  readonly warn: Write<Contract>;
  readonly error: Write<Contract>;
}

function nothing(): void {}

/** The ids of the scope the line is written in. */
function correlation(): Record<string, unknown> {
  const request = currentRequest();
  const span = currentSpan();
  return {
    request_id: request?.requestId,
    correlation_id: request?.correlationId,
    trace_id: span?.traceId,
    span_id: span?.spanId,
    org_id: request?.orgId,
    user_id: request?.userId,
  };
}

/** Builds a logger for one service. */
export function createLogger<Contract extends ContractDefinition>(options: LoggerOptions): Logger<Contract> {
  const format = options.format === 'json' ? formatJson : formatPretty;

  function writer(level: LogLevel): Write<Contract> {
    if (logLevels.indexOf(level) < logLevels.indexOf(options.level)) return nothing;
    return (message, fields) => {
      const line = {
        time: new Date().toISOString(),
        level,
        msg: options.sanitiser.redactText(message),
        service: options.service,
        ...correlation(),
        ...(options.sanitiser.sanitise(fields ?? {}) as Record<string, unknown>),
      };
      options.destination.write(format(line));
    };
  }

  return { debug: writer('DEBUG'), info: writer('INFO'), warn: writer('WARN'), error: writer('ERROR') };
}
