import type { ChannelCredentials } from '@grpc/grpc-js';
import type { Telemetry } from '@ibex/telemetry';
import type { CallSink } from '../calls/call-end.ts';
import type { ProxySettings } from '../config.ts';
import { Budgets } from './budgets.ts';
import { createUsageClient, type UsageClient } from './usage-client.ts';
import { UsageLedger } from './usage-ledger.ts';
import { usageRecordOf } from './usage-record.ts';

/** What the gateway knows of usage, and how it gets to the ledger. */
export interface Usage {
  readonly client: UsageClient;
  readonly ledger: UsageLedger;
  readonly budgets: Budgets;
  /** Names this process in the ledger. */
  readonly gateway: string;
  /** Makes a record of the end of every call. */
  readonly sink: CallSink;
  /** Writes the last records, for at most this long; what is lost is said. */
  stop(timeoutMs: number): Promise<void>;
}

/** Connects the gateway to the ledger that the auth service keeps. */
export function createUsage(
  settings: ProxySettings,
  { telemetry, credentials }: { telemetry: Telemetry; credentials: ChannelCredentials },
): Usage {
  const client = createUsageClient({
    address: settings.IBEX_AUTH_GRPC_ADDRESS,
    serverName: settings.IBEX_AUTH_GRPC_SERVER_NAME,
    credentials,
    telemetry,
  });
  const budgets = new Budgets({ client, telemetry });
  const maximumWaiting = settings.IBEX_PROXY_USAGE_QUEUE_RECORDS;
  const ledger = new UsageLedger({ client, telemetry, maximumWaiting, listener: budgets });
  const gateway = telemetry.resource['service.instance.id'] ?? 'unnamed';
  return {
    client,
    ledger,
    budgets,
    gateway,
    sink: (end) => {
      const record = usageRecordOf(end, gateway);
      if (record !== undefined) ledger.add(record);
    },
    stop: async (timeoutMs) => {
      await ledger.stop(timeoutMs);
      client.close();
    },
  };
}
