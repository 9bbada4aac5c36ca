import { SinkOverloadedError } from '../model.ts';
import type { StoreSettings } from './settings.ts';

/** A sender that comes again after this finds room unless the disk has stopped. */
const RETRY_AFTER_MS = 1_000;

interface Load {
  rows: number;
  bytes: number;
}

/** Bounds what waits to be committed. A batch larger than the bounds is let in when nothing else waits. */
export class AppendQueue {
  readonly #limits: Pick<StoreSettings, 'maxQueueRows' | 'maxQueueBytes'>;
  batches = 0;
  rows = 0;
  bytes = 0;

  constructor(limits: Pick<StoreSettings, 'maxQueueRows' | 'maxQueueBytes'>) {
    this.#limits = limits;
  }

  /** @throws {SinkOverloadedError} when there is no room. */
  checkRows(rows: number): void {
    this.#check({ rows, bytes: 0 });
  }

  /** @throws {SinkOverloadedError} when there is no room. */
  enter(load: Load): void {
    this.#check(load);
    this.batches += 1;
    this.rows += load.rows;
    this.bytes += load.bytes;
  }

  leave({ rows, bytes }: Load): void {
    this.batches -= 1;
    this.rows -= rows;
    this.bytes -= bytes;
  }

  #check({ rows, bytes }: Load): void {
    const { maxQueueRows, maxQueueBytes } = this.#limits;
    if (this.batches === 0) return;
    if (this.rows + rows > maxQueueRows) throw overloaded(`${this.rows} of at most ${maxQueueRows} records`);
    if (this.bytes + bytes > maxQueueBytes)
      throw overloaded(`${this.bytes} of at most ${maxQueueBytes} bytes`);
  }
}

function overloaded(waiting: string): SinkOverloadedError {
  const message = `The store has no room for the batch: ${waiting} wait to be written. Send it again in ${RETRY_AFTER_MS / 1000} s`;
  return new SinkOverloadedError(message, RETRY_AFTER_MS);
}
