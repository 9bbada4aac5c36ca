import type { Queryable } from '../database/database.ts';
import { listOfOrganisation, type OrganisationList, type Page, type PageRequest } from '../page.ts';
import {
  type Limits,
  limitsOf,
  type Scopes,
  type StoredLimits,
  type StoredScopes,
  scopesOf,
} from '../rights.ts';
import type { Role } from '../roles.ts';

/** How a token came to be: issued through the API, or made at the first start for `.ibex/credentials.json`. */
export type TokenOrigin = 'issued' | 'api_key' | 'admin_token';

/** A token's row as a verdict needs it; `role` is the user's where there is one. */
export interface TokenForVerdict {
  readonly id: string;
  readonly org_id: string;
  readonly user_id: string | null;
  readonly role: Role;
  readonly hash: Uint8Array;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly limits: StoredLimits;
  readonly scopes: StoredScopes;
  /** Its organisation, its user or its agent is. */
  readonly disabled: boolean;
  readonly organisation_limits: StoredLimits;
  readonly organisation_operates: boolean;
  readonly capture_content: boolean;
  readonly agent_id: string | null;
  readonly agent_limits: StoredLimits | null;
  readonly agent_scopes: StoredScopes | null;
}

/** Everything about a token but its secret. */
export interface Token {
  readonly id: string;
  readonly orgId: string;
  readonly userId: string | null;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  /** The agent it acts as. */
  readonly agentId: string | null;
  /** The token that took its place. */
  readonly rotatedTo: string | null;
  readonly limits: Limits;
  readonly scopes: Scopes;
}

/** A token to store. It has a user or a role of its own, never both. */
export interface NewToken {
  readonly id: string;
  readonly orgId: string;
  readonly owner: { readonly userId: string } | { readonly role: Role };
  readonly name: string;
  readonly origin: TokenOrigin;
  readonly hash: Uint8Array;
  readonly expiresAt: Date | null;
  readonly agentId?: string | null;
  readonly limits?: Partial<Limits>;
  readonly scopes?: Partial<Scopes>;
}

interface TokenRow {
  readonly sequence: string;
  readonly id: string;
  readonly org_id: string;
  readonly user_id: string | null;
  readonly name: string;
  readonly role: Role;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
  readonly agent_id: string | null;
  readonly rotated_to: string | null;
  readonly limits: StoredLimits;
  readonly scopes: StoredScopes;
}

const tokenColumns = `t.sequence::text as sequence, t.id, t.org_id, t.user_id, t.name,
  coalesce(u.role, t.role) as role, t.created_at, t.expires_at, t.revoked_at, t.last_used_at, t.agent_id, t.rotated_to,
  t.limits, t.scopes`;

function tokenOf(row: TokenRow): Token {
  return {
    id: row.id,
    orgId: row.org_id,
    userId: row.user_id,
    name: row.name,
    role: row.role,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
    agentId: row.agent_id,
    rotatedTo: row.rotated_to,
    limits: limitsOf(row.limits),
    scopes: scopesOf(row.scopes),
  };
}

/** For how many tokens there is a statement; the last is the most that one query asks for. */
const verdictBatchSizes = [1, 4, 16, 64] as const;
export const maximumVerdictBatch = verdictBatchSizes.at(-1) ?? 1;

function verdictStatement(size: number) {
  const places = Array.from({ length: size }, (_, index) => `$${index + 1}`).join(', ');
  return {
    operation: 'token_find',
    text: `select t.id, t.org_id, t.user_id, coalesce(u.role, t.role) as role, t.hash, t.expires_at, t.revoked_at,
        t.limits, t.scopes, t.agent_id, a.limits as agent_limits, a.scopes as agent_scopes,
        o.limits as organisation_limits, o.operates as organisation_operates, o.capture_content,
        coalesce(o.disabled_at, u.disabled_at, a.disabled_at) is not null as disabled
      from tokens t
      join organisations o on o.id = t.org_id
      left join users u on u.id = t.user_id
      left join agents a on a.id = t.agent_id
      where t.id in (${places})`,
    preparedAs: `tokens_for_verdicts_${size}`,
  } as const;
}

const verdictStatements = verdictBatchSizes.map((size) => ({ size, statement: verdictStatement(size) }));

/**
 * What verdicts on these tokens need, in one query by primary keys alone; those that are not there are left out.
 *
 * Each size of batch is a statement of its own, filled up with an id it has already. With one statement and an array
 * Postgres takes a plan for ten tokens to be dearer than a new one for the one it is asked about, and so plans every time:
 * 367 µs of its processor time a query instead of 113, measured on 20,000 tokens.
 *
 * @throws {RangeError} for more than `maximumVerdictBatch` tokens.
 */
export async function findTokensForVerdicts(
  database: Queryable,
  tokenIds: readonly string[],
): Promise<readonly TokenForVerdict[]> {
  const [filler] = tokenIds;
  if (filler === undefined) return [];
  const fitting = verdictStatements.find(({ size }) => size >= tokenIds.length);
  if (fitting === undefined) {
    throw new RangeError(
      `At most ${maximumVerdictBatch} tokens can be asked for at once: these are ${tokenIds.length}.`,
    );
  }
  const values = Array.from({ length: fitting.size }, (_, index) => tokenIds[index] ?? filler);
  return database.query<TokenForVerdict>({ ...fitting.statement, values });
}

const tokenList = {
  operation: 'token_list',
  columns: tokenColumns,
  from: 'tokens t left join users u on u.id = t.user_id',
  map: tokenOf,
} as const satisfies OrganisationList<TokenRow, Token>;

export function listTokens(
  database: Queryable,
  { orgId, page }: { orgId: string; page: PageRequest },
): Promise<Page<Token>> {
  return listOfOrganisation(database, { list: tokenList, orgId, page });
}

export async function insertToken(transaction: Queryable, token: NewToken): Promise<Token> {
  const { owner } = token;
  const [row] = await transaction.query<TokenRow>({
    operation: 'token_insert',
    text: `with t as (
        insert into tokens (id, org_id, user_id, role, name, origin, hash, expires_at, agent_id, limits, scopes)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::jsonb, $11::text::jsonb) returning *
      )
      select ${tokenColumns} from t left join users u on u.id = t.user_id`,
    values: [
      token.id,
      token.orgId,
      'userId' in owner ? owner.userId : null,
      'role' in owner ? owner.role : null,
      token.name,
      token.origin,
      token.hash,
      token.expiresAt,
      token.agentId ?? null,
      JSON.stringify(token.limits ?? {}),
      JSON.stringify(token.scopes ?? {}),
    ],
  });
  if (row === undefined) throw new Error('The inserted token was not returned.');
  return tokenOf(row);
}

/** Revokes a token of the organisation. Says whether it was live, already revoked, or not the organisation's. */
export async function revokeToken(
  transaction: Queryable,
  { orgId, tokenId }: { orgId: string; tokenId: string },
): Promise<'revoked' | 'already_revoked' | 'not_found'> {
  const revoked = await transaction.query<{ id: string }>({
    operation: 'token_revoke',
    text: 'update tokens set revoked_at = now() where id = $1 and org_id = $2 and revoked_at is null returning id',
    values: [tokenId, orgId],
  });
  if (revoked.length > 0) return 'revoked';
  const present = await transaction.query<{ id: string }>({
    operation: 'token_find',
    text: 'select id from tokens where id = $1 and org_id = $2',
    values: [tokenId, orgId],
  });
  return present.length > 0 ? 'already_revoked' : 'not_found';
}

/** Revokes every live token of the organisation with this origin and gives their ids. */
export async function revokeTokensByOrigin(
  transaction: Queryable,
  { orgId, origin }: { orgId: string; origin: TokenOrigin },
): Promise<readonly string[]> {
  const rows = await transaction.query<{ id: string }>({
    operation: 'token_revoke',
    text: `update tokens set revoked_at = now()
      where org_id = $1 and origin = $2 and revoked_at is null returning id`,
    values: [orgId, origin],
  });
  return rows.map((row) => row.id);
}

/** A token of the organisation; undefined for any other. With `lock` nobody else changes it until the transaction ends. */
export async function findToken(
  database: Queryable,
  { orgId, tokenId, lock = false }: { orgId: string; tokenId: string; lock?: boolean },
): Promise<Token | undefined> {
  const [row] = await database.query<TokenRow>({
    operation: 'token_find',
    text: `select ${tokenColumns} from tokens t left join users u on u.id = t.user_id
      where t.id = $1 and t.org_id = $2${lock ? ' for update of t' : ''}`,
    values: [tokenId, orgId],
  });
  return row === undefined ? undefined : tokenOf(row);
}

/** What may change about a token. */
export type TokenChanges = Pick<Token, 'name' | 'expiresAt' | 'limits' | 'scopes'>;

export async function updateToken(
  transaction: Queryable,
  { tokenId, changes }: { tokenId: string; changes: TokenChanges },
): Promise<void> {
  await transaction.query({
    operation: 'token_update',
    text: `update tokens set name = $2, expires_at = $3, limits = $4::text::jsonb, scopes = $5::text::jsonb
      where id = $1`,
    values: [
      tokenId,
      changes.name,
      changes.expiresAt,
      JSON.stringify(changes.limits),
      JSON.stringify(changes.scopes),
    ],
  });
}

/** Ends a token when its successor takes over, at the latest at the given time. */
export async function replaceToken(
  transaction: Queryable,
  { tokenId, successorId, endsAt }: { tokenId: string; successorId: string; endsAt: Date },
): Promise<void> {
  await transaction.query({
    operation: 'token_rotate',
    text: `update tokens set rotated_to = $2, expires_at = least(coalesce(expires_at, $3), $3) where id = $1`,
    values: [tokenId, successorId, endsAt],
  });
}

/** When tokens were used last, of many in one statement. */
export async function recordUses(
  database: Queryable,
  uses: readonly { readonly tokenId: string; readonly usedAt: Date }[],
): Promise<void> {
  await database.query({
    operation: 'token_used',
    text: `update tokens t set last_used_at = u.used_at
      from jsonb_to_recordset($1::text::jsonb) as u (token_id text, used_at timestamptz)
      where t.id = u.token_id and (t.last_used_at is null or t.last_used_at < u.used_at)`,
    values: [JSON.stringify(uses.map(({ tokenId, usedAt }) => ({ token_id: tokenId, used_at: usedAt })))],
  });
}
