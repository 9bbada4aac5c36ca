/** The attributes of an `exception` event (OpenTelemetry semantic conventions). */
export function exceptionAttributes(error: unknown): Record<string, string> {
  if (!(error instanceof Error))
    return { 'exception.type': typeof error, 'exception.message': String(error) };
  return {
    'exception.type': error.name,
    'exception.message': error.message,
    'exception.stacktrace': error.stack ?? '',
  };
}
