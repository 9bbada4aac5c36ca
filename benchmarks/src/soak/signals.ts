import { setTimeout as delay } from 'node:timers/promises';
import { scrape } from '../../../tests/src/faults/harness/footprint.ts';
import type { ClientCounts } from './client.ts';
import type { SoakHouse } from './house.ts';
import type { Amounts, SoakResult } from './result.ts';

const askAgainMs = 250;
const timeoutMs = 30_000;

interface LedgerRow {
  readonly ledger: { calls: number; input_tokens: number; output_tokens: number };
}

async function readLedger({ proxy, adminToken }: SoakHouse): Promise<Amounts | undefined> {
  const answer = await fetch(`${proxy.address('http')}/admin/usage/reconciliation`, {
    headers: { authorization: `Bearer ${adminToken}` },
  });
  if (!answer.ok) return undefined;
  const { data } = (await answer.json()) as { data: readonly LedgerRow[] };
  const sum = (name: keyof LedgerRow['ledger']) =>
    data.reduce((total, { ledger }) => total + ledger[name], 0);
  return { calls: sum('calls'), inputTokens: sum('input_tokens'), outputTokens: sum('output_tokens') };
}

async function readSignals(house: SoakHouse, { sent, inputTokens, outputTokens }: ClientCounts) {
  const metrics = await scrape(house.proxy.address('http'));
  const { requests, calls, ...tokens } = house.logs;
  const ledger = await readLedger(house);
  return {
    clients: { requests: sent, inputTokens, outputTokens },
    metrics: {
      requests: metrics.sum('ibex_proxy_requests_total', 'route="/v1/chat/completions"'),
      calls: metrics.sum('ibex_proxy_call_usage_total'),
      inputTokens: metrics.sum('provider_tokens_total', 'type="input"'),
      outputTokens: metrics.sum('provider_tokens_total', 'type="output"'),
    },
    logs: { requests, calls, inputTokens: tokens.inputTokens, outputTokens: tokens.outputTokens },
    spans: await house.spans(),
    ...(ledger === undefined ? {} : { ledger }),
  };
}

/** Who counted what, once all that was recorded has arrived: nothing changes any more. */
export async function settledSignals(house: SoakHouse, counts: ClientCounts): Promise<SoakResult['signals']> {
  const deadline = performance.now() + timeoutMs;
  for (let last = ''; ; await delay(askAgainMs)) {
    const signals = await readSignals(house, counts);
    const text = JSON.stringify(signals);
    const isWhole = signals.spans.requests === signals.metrics.requests;
    if ((text === last && isWhole) || performance.now() > deadline) return signals;
    last = text;
  }
}

/** What was lost on the way or was outside the contract. */
export async function readLosses({ proxy }: SoakHouse): Promise<SoakResult['lost']> {
  const metrics = await scrape(proxy.address('http'));
  return {
    telemetry: metrics.sum('ibex_telemetry_dropped_total'),
    usageRecords: metrics.sum('ibex_proxy_usage_records_dropped_total'),
    contractViolations: metrics.sum('ibex_contract_violations_total'),
  };
}
