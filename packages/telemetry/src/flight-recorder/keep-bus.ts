import type { KeepReason } from './keep-reason.ts';

/** A trace that some process keeps, told to all others. It carries nothing of what the trace contains. */
export interface Announcement {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  readonly reason: KeepReason;
}

/**
 * How processes tell one another which traces to keep. An implementation may lose announcements, repeat them, change
 * their order and deliver a process its own; it must bound what waits, and neither block nor throw.
 */
export interface KeepBus {
  /** Tells everyone else, soon. Returns at once. */
  announce(traceId: string, reason: KeepReason): void;
  /** Calls the listener for each announcement from now on, until the returned function is called. */
  subscribe(listener: (announcement: Announcement) => void): () => void;
  /** Sends what waits within `timeoutMs`, then lets go of every connection. */
  close(timeoutMs: number): Promise<void>;
}
