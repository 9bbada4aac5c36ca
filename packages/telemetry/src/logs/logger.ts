import type { ContractDefinition, LogFieldsOf } from '@ibex/contract';
import { currentRequest, currentSpan } from '../context/scope.ts';
import type { Sanitiser } from '../privacy/sanitiser.ts';
import type { LogDestination } from './destination.ts';
import { closeFields } from './fields.ts';
import { createJsonRenderer, type LogEntry } from './json-line.ts';
import { type LogFormat, type LogLevel, logLevels } from './levels.ts';
import { createPrettyRenderer } from './pretty-line.ts';

export interface LoggerOptions {
  readonly service: string;
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly sanitiser: Sanitiser;
  readonly destination: LogDestination;
  /** Given every line of level ERROR as well, before it is written. */
  readonly onError?: (entry: LogEntry) => void;
  /** The fields a line may carry; any other moves into `details`. Default: all. */
  readonly fields?: ReadonlySet<string>;
  /** Told the first field of a line that is outside `fields`. */
  readonly onUnknownField?: (field: string) => void;
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

/** Builds a logger for one service. */
export function createLogger<Contract extends ContractDefinition>(options: LoggerOptions): Logger<Contract> {
  const render = options.format === 'json' ? createJsonRenderer(options) : createPrettyRenderer(options);
  const close = closeFields(options);

  /** Logging never fails the caller: what cannot be read is copied first, which cannot throw. */
  function renderSafely(entry: LogEntry): string {
    try {
      const fields = close(entry.fields);
      return render(fields === entry.fields ? entry : { ...entry, fields });
    } catch {
      const details = options.sanitiser.sanitise(entry.fields);
      return render({ ...entry, fields: { details } });
    }
  }

  function writer(level: LogLevel): Write<Contract> {
    if (logLevels.indexOf(level) < logLevels.indexOf(options.level)) return nothing;
    const tell = level === 'ERROR' ? options.onError : undefined;
    return (message, fields) => {
      const entry = { level, message, request: currentRequest(), span: currentSpan(), fields };
      tell?.(entry);
      options.destination.write(renderSafely(entry));
    };
  }

  return { debug: writer('DEBUG'), info: writer('INFO'), warn: writer('WARN'), error: writer('ERROR') };
}
