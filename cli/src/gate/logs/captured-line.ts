/** A line a process wrote. */
export interface CapturedLine {
  readonly text: string;
  readonly stream: 'stdout' | 'stderr';
}

type Table = Readonly<Record<string, unknown>>;

/** The JSON object a line is; undefined when it is none. */
export function parseLine(text: string): Table | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Table)
      : undefined;
  } catch {
    return undefined;
  }
}

/** True for a span of the stdout exporter, which shares the stream with the log. */
export function isSpanLine(line: Table): boolean {
  return line.type === 'span' && typeof line.traceId === 'string' && typeof line.spanId === 'string';
}
