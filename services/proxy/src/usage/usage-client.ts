import { type CallOptions, type ChannelCredentials, Metadata, type requestCallback } from '@grpc/grpc-js';
import {
  type RecordUsageResponse,
  type SummariseUsageRequest,
  type SummariseUsageResponse,
  type UsageRecord,
  UsageService,
  type UsageSubject,
  type UsageTotal,
} from '@ibex/api/usage';
import type { Telemetry } from '@ibex/telemetry';
import { call, clientOptions } from '../auth/auth-client.ts';
import { encodeUsageRecords } from './encode-records.ts';

export interface UsageClientOptions {
  /** host:port of the auth service, which keeps the ledger. */
  readonly address: string;
  readonly credentials: ChannelCredentials;
  readonly serverName?: string | undefined;
  readonly telemetry: Telemetry;
}

/** The ledger as the gateway sees it. Every promise rejects with a gRPC error when there was no answer in time. */
export interface UsageClient {
  /** Resolves when the records are on disk. */
  record(records: readonly UsageRecord[]): Promise<void>;
  summarise(request: SummariseUsageRequest): Promise<SummariseUsageResponse>;
  /** What subjects used in the month of an instant, in their order. */
  readTotals(question: {
    readonly orgId: string;
    readonly atUnixMs: number;
    readonly subjects: readonly UsageSubject[];
  }): Promise<readonly UsageTotal[]>;
  close(): void;
}

const recordTimeoutMs = 5_000;
const summariseTimeoutMs = 10_000;
/** A request waits for it. */
const totalsTimeoutMs = 1_000;

/** Connects lazily, as the client of verdicts does. */
export function createUsageClient(options: UsageClientOptions): UsageClient {
  const { address, credentials } = options;
  const { interceptors, ...channel } = clientOptions(options);
  const client = new UsageService(address, credentials, {
    ...channel,
    ...(interceptors && { interceptors }),
  });
  // Without spans: records are written all the time, for no request in particular.
  const quiet = new UsageService(address, credentials, { channelOverride: client.getChannel() });
  const { path, responseDeserialize } = UsageService.service.RecordUsage;
  const recordUsage = (
    records: readonly UsageRecord[],
    options: CallOptions,
    callback: requestCallback<RecordUsageResponse>,
  ) =>
    quiet.makeUnaryRequest(
      path,
      encodeUsageRecords,
      responseDeserialize,
      records,
      new Metadata(),
      options,
      callback,
    );
  const summariseUsage = client.summariseUsage.bind(client);
  const readUsageTotals = client.readUsageTotals.bind(client);
  return {
    record: async (records) => {
      await call(recordUsage, { request: records, timeoutMs: recordTimeoutMs });
    },
    summarise: (request) => call(summariseUsage, { request, timeoutMs: summariseTimeoutMs }),
    readTotals: async ({ orgId, atUnixMs, subjects }) => {
      const request = { orgId, atUnixMs, subjects: [...subjects] };
      const answer: { totals: readonly UsageTotal[] } = await call(readUsageTotals, {
        request,
        timeoutMs: totalsTimeoutMs,
      });
      return answer.totals;
    },
    close: () => client.close(),
  };
}
