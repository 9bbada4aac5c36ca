import { Pool } from 'pg';
import { type ConversationStore, itemIdsOf } from '../conversation-store.ts';
import { readTurn, writeTurn } from '../turn-text.ts';

export interface PostgresStoreOptions {
  /** postgres://user:password@host/database */
  readonly url: string;
  /** Most bytes of one turn. */
  readonly turnLimitBytes: number;
  /** How long a turn is kept. */
  readonly ttlMs: number;
  /** Longest wait for a connection, and for one statement. */
  readonly timeoutMs: number;
  /** Told of a connection that was lost while nobody used it. */
  readonly onLost: (error: Error) => void;
}

const maximumConnections = 8;
/** Any number that no other lock of the database has. */
const schemaLock = 8_142_077;
/** Expired turns that one sweep deletes at most, so that none holds the table up. */
const sweepRows = 1_000;

const schema = `
  CREATE TABLE IF NOT EXISTS conversation_turns (
    org_id text NOT NULL,
    response_id text NOT NULL,
    turn text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, response_id)
  );
  ALTER TABLE conversation_turns ADD COLUMN IF NOT EXISTS item_ids text[] NOT NULL DEFAULT '{}';
  CREATE INDEX IF NOT EXISTS conversation_turns_item_ids ON conversation_turns USING gin (item_ids);
  CREATE INDEX IF NOT EXISTS conversation_turns_expires_at ON conversation_turns (expires_at);`;

const sweep = `
  DELETE FROM conversation_turns WHERE ctid IN (
    SELECT ctid FROM conversation_turns WHERE expires_at <= now() LIMIT ${sweepRows})`;

/** Two proxies that start at once must not both make the table. */
async function createSchema(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [schemaLock]);
    await client.query(schema);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** Keeps conversations in Postgres, for several proxies together. Resolves when the table is there. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<ConversationStore> {
  const { url, turnLimitBytes, ttlMs, timeoutMs, onLost } = options;
  const pool = new Pool({
    connectionString: url,
    max: maximumConnections,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    statement_timeout: timeoutMs,
  });
  pool.on('error', onLost);
  try {
    await createSchema(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    backend: 'postgres',
    async get({ orgId, responseId }) {
      const { rows } = await pool.query<{ turn: string }>({
        name: 'conversation_get',
        text: 'SELECT turn FROM conversation_turns WHERE org_id = $1 AND response_id = $2 AND expires_at > now()',
        values: [orgId, responseId],
      });
      return rows[0] === undefined ? undefined : readTurn(rows[0].turn);
    },
    async findByItem({ orgId, itemId }) {
      const { rows } = await pool.query<{ turn: string }>({
        name: 'conversation_find_by_item',
        text: `SELECT turn FROM conversation_turns
               WHERE item_ids @> ARRAY[$2] AND org_id = $1 AND expires_at > now() LIMIT 1`,
        values: [orgId, itemId],
      });
      return rows[0] === undefined ? undefined : readTurn(rows[0].turn);
    },
    async create(turn) {
      await pool.query({
        name: 'conversation_create',
        text: `INSERT INTO conversation_turns (org_id, response_id, turn, expires_at, item_ids)
               VALUES ($1, $2, $3, now() + $4 * interval '1 millisecond', $5)
               ON CONFLICT (org_id, response_id)
               DO UPDATE SET turn = $3, expires_at = excluded.expires_at, item_ids = $5`,
        values: [turn.orgId, turn.responseId, writeTurn(turn, turnLimitBytes), ttlMs, itemIdsOf(turn)],
      });
    },
    async delete({ orgId, responseId }) {
      const { rowCount } = await pool.query(
        'DELETE FROM conversation_turns WHERE org_id = $1 AND response_id = $2 AND expires_at > now()',
        [orgId, responseId],
      );
      return rowCount === 1;
    },
    async count() {
      await pool.query(sweep);
      const { rows } = await pool.query<{ count: string }>('SELECT count(*) FROM conversation_turns');
      return Number(rows[0]?.count);
    },
    async close() {
      await pool.end();
    },
  };
}
