import type { DuckDBConnection } from '@duckdb/node-api';
import { type Appenders, discardAppenders, flushAppenders, openAppenders } from './appenders.ts';
import type { EncodedBatch } from './encode.ts';
import type { Registries } from './registries.ts';
import { writeLogs } from './write-logs.ts';
import { writeSamples } from './write-samples.ts';
import { writeSpans } from './write-spans.ts';

/** What one transaction did. */
export interface WriteOutcome {
  spans: number;
  logs: number;
  samples: number;
  series: number;
  duplicateSpans: number;
  /** Samples without a series, because there are too many. */
  droppedSamples: number;
}

/** What the writers of the single signals work with, inside one transaction. */
export interface WriteContext {
  connection: DuckDBConnection;
  appenders: Appenders;
  registries: Registries;
}

/** Writes groups of batches, each group in one transaction. */
export class BatchWriter {
  readonly #connection: DuckDBConnection;
  readonly #registries: Registries;
  #appenders: Appenders | undefined;

  constructor(connection: DuckDBConnection, registries: Registries) {
    this.#connection = connection;
    this.#registries = registries;
  }

  /** Durable when it resolves; when it rejects, nothing of the group was kept. */
  async write(group: readonly EncodedBatch[]): Promise<WriteOutcome> {
    const { series, metadata, services } = this.#registries;
    try {
      await this.#connection.run('BEGIN');
      const outcome = await this.#writeRows(group);
      await this.#connection.run('COMMIT');
      for (const registry of [series, metadata, services]) registry.accept();
      return outcome;
    } catch (error) {
      for (const registry of [series, metadata, services]) registry.discard();
      await this.#rollBack();
      throw error;
    }
  }

  /** Writes what waits for a later commit. */
  async close(): Promise<void> {
    await this.#registries.services.write(this.#connection, { force: true });
    if (this.#appenders !== undefined) discardAppenders(this.#appenders);
    this.#appenders = undefined;
  }

  async #writeRows(group: readonly EncodedBatch[]): Promise<WriteOutcome> {
    const { metadata, services, series } = this.#registries;
    this.#appenders ??= await openAppenders(this.#connection);
    const context = {
      connection: this.#connection,
      appenders: this.#appenders,
      registries: this.#registries,
    };
    for (const family of group.flatMap((batch) => batch.metadata)) metadata.stage(family);
    const spans = await writeSpans(
      group.map((batch) => batch.spans),
      context,
    );
    const logs = writeLogs(
      group.map((batch) => batch.logs),
      context,
    );
    const samples = writeSamples(group, context);
    const newSeries = series.staged.length;
    flushAppenders(this.#appenders);
    await metadata.write(this.#connection);
    await services.write(this.#connection);
    return {
      spans: spans.written,
      logs,
      samples: samples.written,
      series: newSeries,
      duplicateSpans: spans.duplicates,
      droppedSamples: samples.dropped,
    };
  }

  /** What the appenders still hold would otherwise be written outside the transaction when they close. */
  async #rollBack(): Promise<void> {
    if (this.#appenders !== undefined) discardAppenders(this.#appenders);
    this.#appenders = undefined;
    await this.#connection.run('ROLLBACK').catch(() => undefined);
  }
}
