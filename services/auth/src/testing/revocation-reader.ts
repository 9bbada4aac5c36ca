import { promisify } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import { AuthService, type AuthServiceClient, type RevocationBatch } from '@ibex/api/auth';
import { eventually } from '../../../../tests/src/support/eventually.ts';

/** A real client that takes down what it is told of revocations. */
export class RevocationReader {
  readonly #client: AuthServiceClient;
  readonly batches: RevocationBatch[] = [];
  #ended = false;
  #cancel: () => void = () => undefined;

  constructor(address: string) {
    this.#client = new AuthService(address, credentials.createInsecure());
  }

  get cursor(): string {
    return this.batches.at(-1)?.cursor ?? '';
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Listens from a cursor on, and waits for the first batch. */
  async watch(cursor: string): Promise<RevocationBatch> {
    this.#cancel();
    this.batches.length = 0;
    this.#ended = false;
    const stream = this.#client.watchRevocations({ cursor });
    this.#cancel = () => stream.cancel();
    stream.on('data', (batch: RevocationBatch) => this.batches.push(batch));
    for (const event of ['end', 'error']) stream.on(event, () => (this.#ended = true));
    return eventually(() => this.batches[0], { what: 'a first batch' });
  }

  list(cursor: string): Promise<RevocationBatch> {
    const ask = promisify(
      (given: string, answer: (error: Error | null, batch?: RevocationBatch) => void) =>
        void this.#client.listRevocations({ cursor: given }, answer),
    );
    return ask(cursor) as Promise<RevocationBatch>;
  }

  /** Waits until it was told of the subject. */
  async hears(id: string): Promise<void> {
    await eventually(
      () => this.batches.some(({ revocations }) => revocations.some((each) => each.id === id)) || undefined,
      { what: `the revocation of ${id}` },
    );
  }

  close(): void {
    this.#cancel();
    this.#client.close();
  }
}
