import sonicBoom from 'sonic-boom';

const maximumBufferedBytes = 16 * 1024 * 1024;

/** Where finished lines go. */
export interface LogDestination {
  write(line: string): void;
  /** Hands everything over before it returns. */
  flush(): void;
}

/**
 * Standard output, written without blocking and flushed when the process exits. When the reader does not keep up and
 * 16 MiB wait, lines are dropped and `onDrop` is told.
 */
export function stdoutDestination(onDrop: () => void): LogDestination {
  const stream = new sonicBoom.SonicBoom({ fd: 1, sync: false, maxLength: maximumBufferedBytes });
  let broken = false;
  stream.on('drop', onDrop);
  // The reader went away: there is nobody to tell, and losing logs must not end the process.
  stream.on('error', () => {
    broken = true;
  });
  const flush = () => {
    if (broken) return;
    try {
      stream.flushSync();
    } catch {
      // Not open yet or already gone.
    }
  };
  process.on('exit', flush);
  return { write: (line) => void (broken || stream.write(line)), flush };
}
