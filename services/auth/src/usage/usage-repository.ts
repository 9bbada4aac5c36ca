import type { UsageGroup, UsageRecord__Output as UsageRecord, UsageSum, UsageTotal } from '@ibex/api/usage';
import { patientTimeoutMs, type Queryable } from '../database/database.ts';

/** Postgres takes neither in a text of JSON. */
function clean(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

function rowOf(record: UsageRecord) {
  return {
    record_id: clean(record.recordId),
    request_id: clean(record.requestId),
    ended_at: new Date(record.endedAtUnixMs).toISOString(),
    gateway: clean(record.gateway),
    org_id: clean(record.orgId),
    user_id: clean(record.userId),
    token_id: clean(record.tokenId),
    agent_id: clean(record.agentId),
    provider: clean(record.provider),
    model: clean(record.model),
    dialect: clean(record.dialect),
    outcome: clean(record.outcome),
    status: clean(record.status),
    input_tokens: record.inputTokens,
    output_tokens: record.outputTokens,
    cache_read_tokens: record.cacheReadTokens,
    cache_write_tokens: record.cacheWriteTokens,
    reasoning_tokens: record.reasoningTokens,
    usage_source: clean(record.usageSource),
    cost_usd_micros: record.costUsdMicros ?? null,
    duration_ms: record.durationMs,
  };
}

const columns = `record_id, request_id, ended_at, gateway, org_id, user_id, token_id, agent_id, provider, model, dialect,
  outcome, status, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, usage_source,
  cost_usd_micros, duration_ms`;

/** Totals are raised in one order, so that two instances that write at once wait for, and never block, each other. */
const insertText = `with given as (
    select ${columns} from jsonb_to_recordset($1::text::jsonb) as record (
      record_id text, request_id text, ended_at timestamptz, gateway text, org_id text, user_id text, token_id text,
      agent_id text, provider text, model text, dialect text, outcome text, status text, input_tokens bigint,
      output_tokens bigint, cache_read_tokens bigint, cache_write_tokens bigint, reasoning_tokens bigint,
      usage_source text, cost_usd_micros bigint, duration_ms bigint
    )
  ), recorded as (
    insert into usage_ledger (${columns}) select ${columns} from given order by record_id
      on conflict (record_id) do nothing
      returning org_id, token_id, agent_id, ended_at, input_tokens + output_tokens as tokens,
        coalesce(cost_usd_micros, 0) as cost
  ), used as (
    select org_id, 'organisation' as kind, org_id as subject_id, ended_at, tokens, cost from recorded
    union all select org_id, 'token', token_id, ended_at, tokens, cost from recorded
    union all select org_id, 'agent', agent_id, ended_at, tokens, cost from recorded where agent_id <> ''
  ), totalled as (
    insert into usage_totals (org_id, kind, subject_id, month, tokens, cost_usd_micros)
      select org_id, kind, subject_id, date_trunc('month', ended_at at time zone 'UTC')::date as month,
        sum(tokens), sum(cost)
      from used group by org_id, kind, subject_id, month order by org_id, kind, subject_id, month
      on conflict (org_id, kind, subject_id, month) do update set
        tokens = usage_totals.tokens + excluded.tokens,
        cost_usd_micros = usage_totals.cost_usd_micros + excluded.cost_usd_micros
  )
  select count(*)::integer as recorded from recorded`;

/** Keeps records and raises the totals they are part of, in one statement; tells how many were new. */
export async function insertUsage(database: Queryable, records: readonly UsageRecord[]): Promise<number> {
  const [row] = await database.query<{ recorded: number }>({
    operation: 'usage_insert',
    text: insertText,
    values: [JSON.stringify(records.map(rowOf))],
    preparedAs: 'usage_insert',
    timeoutMs: patientTimeoutMs,
  });
  return row?.recorded ?? 0;
}

const groupColumns: Readonly<Record<UsageGroup, string>> = {
  day: "to_char(ended_at at time zone 'UTC', 'YYYY-MM-DD')",
  model: 'model',
  provider: 'provider',
  agent: 'agent_id',
  token: 'token_id',
  user: 'user_id',
  outcome: 'outcome',
};

export interface UsageQuestion {
  /** Undefined for all organisations. */
  readonly orgId: string | undefined;
  readonly from: Date;
  /** Not included. */
  readonly to: Date;
  readonly groupBy: readonly UsageGroup[];
  /** Undefined for all gateways. */
  readonly gateway: string | undefined;
  readonly limit: number;
}

type SumRow = Readonly<Record<string, string>>;

function sumOf(row: SumRow, groupBy: readonly UsageGroup[]): UsageSum {
  const number = (name: string) => Number(row[name] ?? 0);
  return {
    group: groupBy.map((_, index) => row[`group_${index}`] ?? ''),
    calls: number('calls'),
    callsWithoutUsage: number('calls_without_usage'),
    callsEstimated: number('calls_estimated'),
    inputTokens: number('input_tokens'),
    outputTokens: number('output_tokens'),
    cacheReadTokens: number('cache_read_tokens'),
    cacheWriteTokens: number('cache_write_tokens'),
    reasoningTokens: number('reasoning_tokens'),
    costUsdMicros: number('cost_usd_micros'),
  };
}

/** Sums of records by group, one more than `limit` where there are more. */
export async function sumUsage(database: Queryable, question: UsageQuestion): Promise<readonly UsageSum[]> {
  const { groupBy } = question;
  const groups = groupBy.map((group, index) => `${groupColumns[group]} as group_${index}, `).join('');
  const positions = groupBy.map((_, index) => `group_${index}`).join(', ');
  const rows = await database.query<SumRow>({
    operation: 'usage_list',
    timeoutMs: patientTimeoutMs,
    text: `select ${groups} count(*)::text as calls,
        (count(*) filter (where usage_source = 'absent'))::text as calls_without_usage,
        (count(*) filter (where usage_source = 'estimated'))::text as calls_estimated,
        coalesce(sum(input_tokens), 0)::text as input_tokens,
        coalesce(sum(output_tokens), 0)::text as output_tokens,
        coalesce(sum(cache_read_tokens), 0)::text as cache_read_tokens,
        coalesce(sum(cache_write_tokens), 0)::text as cache_write_tokens,
        coalesce(sum(reasoning_tokens), 0)::text as reasoning_tokens,
        coalesce(sum(cost_usd_micros), 0)::text as cost_usd_micros
      from usage_ledger
      where ($1::text is null or org_id = $1) and ended_at >= $2 and ended_at < $3
        and ($4::text is null or gateway = $4)
      ${groupBy.length === 0 ? '' : `group by ${positions}`}
      order by coalesce(sum(cost_usd_micros), 0) desc, sum(input_tokens + output_tokens) desc
        ${groupBy.length === 0 ? '' : `, ${positions}`}
      limit $5`,
    values: [
      question.orgId ?? null,
      question.from,
      question.to,
      question.gateway ?? null,
      question.limit + 1,
    ],
  });
  return rows.map((row) => sumOf(row, groupBy));
}

interface SubjectOfUsage {
  readonly kind: string;
  readonly id: string;
}

/** What subjects of an organisation have used in the month of an instant, in their order. */
export async function readUsageTotals(
  database: Queryable,
  { orgId, at, subjects }: { orgId: string; at: Date; subjects: readonly SubjectOfUsage[] },
): Promise<readonly UsageTotal[]> {
  const rows = await database.query<{ tokens: string; cost: string }>({
    operation: 'usage_totals',
    text: `select coalesce(t.tokens, 0)::text as tokens, coalesce(t.cost_usd_micros, 0)::text as cost
      from jsonb_to_recordset($3::text::jsonb) as s (position integer, kind text, id text)
      left join usage_totals t on t.org_id = $1 and t.kind = s.kind and t.subject_id = s.id
        and t.month = date_trunc('month', $2::timestamptz at time zone 'UTC')::date
      order by s.position`,
    values: [
      clean(orgId),
      at,
      JSON.stringify(
        subjects.map(({ kind, id }, position) => ({ position, kind: clean(kind), id: clean(id) })),
      ),
    ],
    preparedAs: 'usage_totals',
  });
  return rows.map(({ tokens, cost }) => ({ tokens: Number(tokens), costUsdMicros: Number(cost) }));
}
