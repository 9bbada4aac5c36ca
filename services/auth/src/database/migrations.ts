/** One step of the schema. Applied steps are never edited: a change is a new step. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly statements: readonly string[];
}

const organisationsAndUsers: Migration = {
  version: 1,
  name: 'organisations and users',
  statements: [
    `create table organisations (
      id text primary key,
      name text not null unique,
      requests_per_minute integer not null default 0 check (requests_per_minute >= 0),
      created_at timestamptz not null default now()
    )`,
    `create table users (
      id text primary key,
      org_id text not null references organisations (id),
      name text not null,
      role text not null check (role in ('admin', 'ops', 'member')),
      created_at timestamptz not null default now(),
      unique (org_id, name),
      unique (org_id, id)
    )`,
  ],
};

/** A token acts for its user with the user's role, or for the organisation with a role of its own. */
const agentsAndTokens: Migration = {
  version: 2,
  name: 'agents and tokens',
  statements: [
    `create table agents (
      sequence bigint generated always as identity unique,
      id text primary key,
      org_id text not null references organisations (id),
      name text not null,
      created_at timestamptz not null default now(),
      disabled_at timestamptz
    )`,
    'create index agents_by_organisation on agents (org_id, sequence)',
    `create table tokens (
      sequence bigint generated always as identity unique,
      id text primary key,
      org_id text not null references organisations (id),
      user_id text,
      role text check (role in ('admin', 'ops', 'member')),
      name text not null,
      origin text not null check (origin in ('issued', 'api_key', 'admin_token')),
      hash bytea not null check (octet_length(hash) = 32),
      created_at timestamptz not null default now(),
      expires_at timestamptz,
      revoked_at timestamptz,
      foreign key (org_id, user_id) references users (org_id, id),
      check ((user_id is null) <> (role is null))
    )`,
    'create index tokens_by_organisation on tokens (org_id, sequence)',
  ],
};

const auditLog: Migration = {
  version: 3,
  name: 'audit log',
  statements: [
    `create table audit_log (
      sequence bigint generated always as identity primary key,
      org_id text not null references organisations (id),
      actor_token_id text,
      actor_user_id text,
      action text not null,
      target_id text not null,
      metadata jsonb not null,
      request_id text,
      created_at timestamptz not null default now()
    )`,
    'create index audit_log_by_organisation on audit_log (org_id, sequence)',
  ],
};

/** Limits are what somebody set, as an object; what is absent is not limited here. */
const limitsColumn = "limits jsonb not null default '{}' check (jsonb_typeof(limits) = 'object')";
const scopesColumn = "scopes jsonb not null default '{}' check (jsonb_typeof(scopes) = 'object')";

const limitsAndScopes: Migration = {
  version: 4,
  name: 'limits, scopes and rotation',
  statements: [
    `alter table organisations
      add column sequence bigint generated always as identity unique,
      add column ${limitsColumn},
      add column capture_content boolean not null default false,
      add column operates boolean not null default false,
      add column disabled_at timestamptz`,
    `update organisations set limits = jsonb_build_object('requestsPerMinute', requests_per_minute)
      where requests_per_minute > 0`,
    'alter table organisations drop column requests_per_minute',
    "update organisations set operates = true where name = 'default'",
    `alter table users
      add column sequence bigint generated always as identity unique,
      add column disabled_at timestamptz`,
    'create index users_by_organisation on users (org_id, sequence)',
    `alter table agents add column ${limitsColumn}, add column ${scopesColumn}, add unique (org_id, id)`,
    `alter table tokens
      add column ${limitsColumn},
      add column ${scopesColumn},
      add column agent_id text,
      add column rotated_to text references tokens (id),
      add column last_used_at timestamptz,
      add foreign key (org_id, agent_id) references agents (org_id, id)`,
    'create index audit_log_by_time on audit_log (created_at)',
  ],
};

/**
 * The counter's row stays locked until the transaction that raised it has ended. So numbers have no gaps and become
 * visible in their order, and who has read up to one has missed nothing before it.
 */
const revocations: Migration = {
  version: 5,
  name: 'revocations',
  statements: [
    `create table revocation_counter (
      single boolean primary key default true check (single),
      epoch text not null,
      value bigint not null default 0
    )`,
    'insert into revocation_counter (epoch) values (md5(random()::text || clock_timestamp()::text))',
    `create table revocations (
      sequence bigint primary key,
      kind text not null check (kind in ('token', 'agent', 'user', 'organisation')),
      subject_id text not null,
      created_at timestamptz not null default now()
    )`,
  ],
};

/**
 * What calls of models used. Names nobody here: the ledger outlives what it speaks of. Totals by month are raised with
 * every record, so that a budget is found without adding up a month.
 */
const usageLedger: Migration = {
  version: 6,
  name: 'usage ledger',
  statements: [
    `create table usage_ledger (
      record_id text primary key,
      request_id text not null,
      ended_at timestamptz not null,
      gateway text not null,
      org_id text not null,
      user_id text not null,
      token_id text not null,
      agent_id text not null,
      provider text not null,
      model text not null,
      dialect text not null,
      outcome text not null,
      status text not null,
      input_tokens bigint not null check (input_tokens >= 0),
      output_tokens bigint not null check (output_tokens >= 0),
      cache_read_tokens bigint not null check (cache_read_tokens >= 0),
      cache_write_tokens bigint not null check (cache_write_tokens >= 0),
      reasoning_tokens bigint not null check (reasoning_tokens >= 0),
      usage_source text not null check (usage_source in ('provider', 'estimated', 'absent')),
      cost_usd_micros bigint check (cost_usd_micros >= 0),
      duration_ms bigint not null
    )`,
    'create index usage_ledger_by_organisation on usage_ledger (org_id, ended_at)',
    'create index usage_ledger_by_time on usage_ledger (ended_at)',
    `create table usage_totals (
      org_id text not null,
      kind text not null check (kind in ('organisation', 'agent', 'token')),
      subject_id text not null,
      month date not null,
      tokens bigint not null,
      cost_usd_micros bigint not null,
      primary key (org_id, kind, subject_id, month)
    )`,
  ],
};

export const migrations: readonly Migration[] = [
  organisationsAndUsers,
  agentsAndTokens,
  auditLog,
  limitsAndScopes,
  revocations,
  usageLedger,
];
