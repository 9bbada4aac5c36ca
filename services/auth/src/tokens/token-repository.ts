import type { Queryable } from '../database/database.ts';
import { type Page, type PageRequest, pageOf } from '../page.ts';
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
  readonly requests_per_minute: number;
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
}

const tokenColumns = `t.sequence::text as sequence, t.id, t.org_id, t.user_id, t.name,
  coalesce(u.role, t.role) as role, t.created_at, t.expires_at, t.revoked_at`;

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
  };
}

export async function findTokenForVerdict(
  database: Queryable,
  tokenId: string,
): Promise<TokenForVerdict | undefined> {
  const [row] = await database.query<TokenForVerdict>({
    operation: 'token_find',
    text: `select t.id, t.org_id, t.user_id, coalesce(u.role, t.role) as role, t.hash, t.expires_at, t.revoked_at,
        o.requests_per_minute
      from tokens t
      join organisations o on o.id = t.org_id
      left join users u on u.id = t.user_id
      where t.id = $1`,
    values: [tokenId],
  });
  return row;
}

export async function listTokens(
  database: Queryable,
  { orgId, page }: { orgId: string; page: PageRequest },
): Promise<Page<Token>> {
  const rows = await database.query<TokenRow>({
    operation: 'token_list',
    text: `select ${tokenColumns} from tokens t left join users u on u.id = t.user_id
      where t.org_id = $1 and ($2::bigint is null or t.sequence < $2::bigint)
      order by t.sequence desc limit $3`,
    values: [orgId, page.before ?? null, page.limit + 1],
  });
  return pageOf(rows, { limit: page.limit, map: tokenOf });
}

export async function insertToken(transaction: Queryable, token: NewToken): Promise<Token> {
  const { owner } = token;
  const [row] = await transaction.query<TokenRow>({
    operation: 'token_insert',
    text: `with t as (
        insert into tokens (id, org_id, user_id, role, name, origin, hash, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8) returning *
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
