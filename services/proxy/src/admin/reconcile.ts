import type { components } from '@ibex/api/proxy';
import type { UsageSum } from '@ibex/api/usage';
import type { Telemetry } from '@ibex/telemetry';
import type { Usage } from '../usage/create-usage.ts';
import { ledgerUnavailable } from './usage-routes.ts';

type Reconciliation = components['schemas']['Reconciliation'];
type Amounts = components['schemas']['ReconciledAmounts'];

const flushTimeoutMs = 2_000;
/** Calls that end meanwhile would be in one and not in the other. */
const maximumAttempts = 5;

/** A series as the exposition has it: `name{provider="acme",…} 12`. */
const seriesPattern = /^([a-z_]+)\{([^}]*)\} (\S+)/;
const labelPattern = /([a-z_]+)="((?:[^"\\]|\\.)*)"/g;

type AmountName = keyof Amounts;

function amountOf(name: string, labels: ReadonlyMap<string, string>): AmountName | undefined {
  const type = labels.get('type');
  if (name === 'ibex_proxy_call_usage_total') return 'calls';
  if (name === 'ibex_proxy_cost_usd_micros_total') return 'cost_usd_micros';
  if (name !== 'provider_tokens_total') return undefined;
  return type === 'input' ? 'input_tokens' : 'output_tokens';
}

function nothing(): Amounts {
  return { calls: 0, input_tokens: 0, output_tokens: 0, cost_usd_micros: 0 };
}

/** What the metrics of this process say, by provider. */
function readMetrics({ metrics }: Telemetry): Map<string, Amounts> {
  const byProvider = new Map<string, Amounts>();
  for (const line of metrics.exposition().split('\n')) {
    const [, name = '', text = '', value] = seriesPattern.exec(line) ?? [];
    const labels = new Map([...text.matchAll(labelPattern)].map(([, key = '', label = '']) => [key, label]));
    const amount = amountOf(name, labels);
    const provider = labels.get('provider');
    if (amount === undefined || provider === undefined) continue;
    const amounts = byProvider.get(provider) ?? nothing();
    amounts[amount] += Number(value);
    byProvider.set(provider, amounts);
  }
  return byProvider;
}

function readDropped({ metrics }: Telemetry): number {
  return metrics
    .exposition()
    .split('\n')
    .filter((line) => line.startsWith('ibex_proxy_usage_records_dropped_total{'))
    .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

function ledgerAmounts(sums: readonly UsageSum[]): Map<string, Amounts> {
  return new Map(
    sums.map((sum) => [
      sum.group[0] ?? '',
      {
        calls: sum.calls,
        input_tokens: sum.inputTokens,
        output_tokens: sum.outputTokens,
        cost_usd_micros: sum.costUsdMicros,
      },
    ]),
  );
}

function isEqual(one: Amounts, other: Amounts): boolean {
  return (Object.keys(one) as AmountName[]).every((name) => one[name] === other[name]);
}

function compare(metrics: ReadonlyMap<string, Amounts>, ledger: ReadonlyMap<string, Amounts>) {
  const providers = [...new Set([...metrics.keys(), ...ledger.keys()])].toSorted();
  return providers.map((provider) => {
    const pair = {
      metrics: metrics.get(provider) ?? nothing(),
      ledger: ledger.get(provider) ?? nothing(),
    };
    return { provider, ...pair, equal: isEqual(pair.metrics, pair.ledger) };
  });
}

/** `GET /admin/usage/reconciliation`: this process's metrics beside what the ledger has of it. */
export function reconcile(
  { ledger, client, gateway }: Usage,
  telemetry: Telemetry,
): () => Promise<Reconciliation> {
  const attempt = async (): Promise<Reconciliation> => {
    const before = readMetrics(telemetry);
    await ledger.flush(flushTimeoutMs);
    const { sums } = await client.summarise({
      orgId: '',
      gateway,
      fromUnixMs: 0,
      toUnixMs: Date.now() + 86_400_000,
      groupBy: ['provider'],
    });
    const quiet = compare(before, readMetrics(telemetry)).every(({ equal }) => equal);
    const data = compare(before, ledgerAmounts(sums));
    const waiting = ledger.waiting;
    const equal = data.every((row) => row.equal);
    return { gateway, equal, quiet, waiting, dropped: readDropped(telemetry), data };
  };
  return async () => {
    try {
      let result = await attempt();
      for (let count = 1; count < maximumAttempts && !result.quiet; count += 1) result = await attempt();
      return result;
    } catch (error) {
      throw ledgerUnavailable(error);
    }
  };
}
