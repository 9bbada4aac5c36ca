/** A call on a stack, as Sentry names its parts. */
export interface StackFrame {
  readonly function: string;
  readonly filename: string;
  readonly lineno: number;
  readonly colno: number;
  /** Whether it is the program's own, rather than Node's or a library's. */
  readonly in_app: boolean;
}

const maximumFrames = 50;
const maximumLineLength = 1_024;
const frameLine = /^\s+at (?:async )?(?:(.+) \()?(?:file:\/\/)?([^()]+):(\d+):(\d+)\)?$/;

/** The frames of a stack as V8 writes it, the outermost call first; lines that are none are passed over. */
export function parseStack(stack: string): StackFrame[] {
  const frames: StackFrame[] = [];
  for (const line of stack.split('\n')) {
    if (frames.length >= maximumFrames) break;
    const match = line.length > maximumLineLength ? null : frameLine.exec(line);
    if (match === null) continue;
    const [, name = '?', filename = '', lineno, colno] = match;
    const isOwn = !filename.startsWith('node:') && !filename.includes('node_modules/');
    frames.push({ function: name, filename, lineno: Number(lineno), colno: Number(colno), in_app: isOwn });
  }
  return frames.reverse();
}
