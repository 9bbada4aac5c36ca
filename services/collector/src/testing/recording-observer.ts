import type { ReceiverObserver } from '../receivers/observer.ts';

type Event = {
  [Name in keyof ReceiverObserver]: { event: Name } & Parameters<ReceiverObserver[Name]>[0];
}[keyof ReceiverObserver];

/** An observer for tests: keeps every event in order. */
export class RecordingObserver implements ReceiverObserver {
  readonly events: Event[] = [];

  received(event: Parameters<ReceiverObserver['received']>[0]): void {
    this.events.push({ event: 'received', ...event });
  }

  rejected(event: Parameters<ReceiverObserver['rejected']>[0]): void {
    this.events.push({ event: 'rejected', ...event });
  }

  truncated(event: Parameters<ReceiverObserver['truncated']>[0]): void {
    this.events.push({ event: 'truncated', ...event });
  }

  refused(event: Parameters<ReceiverObserver['refused']>[0]): void {
    this.events.push({ event: 'refused', ...event });
  }

  scraped(event: Parameters<ReceiverObserver['scraped']>[0]): void {
    this.events.push({ event: 'scraped', ...event });
  }

  scrapeFailed(event: Parameters<ReceiverObserver['scrapeFailed']>[0]): void {
    this.events.push({ event: 'scrapeFailed', ...event });
  }
}
