import { execFileSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const organisations = 200;
const usersPerOrganisation = 50;

function identifier(): string {
  return Array.from(randomBytes(16), (byte) => alphabet[byte & 31]).join('');
}

/** Rows as `copy … from stdin` reads them. */
function copy(url: string, table: string, rows: readonly (readonly string[])[]): void {
  const input = rows.map((row) => row.join('\t')).join('\n');
  execFileSync('psql', [url, '-q', '-v', 'ON_ERROR_STOP=1', '-c', `copy ${table} from stdin`], {
    input: `${input}\n`,
  });
}

/** Runs a statement outside any transaction. */
export function execute(url: string, statement: string): void {
  execFileSync('psql', [url, '-q', '-v', 'ON_ERROR_STOP=1', '-c', statement], { stdio: 'pipe' });
}

/**
 * Fills the database with organisations, users and tokens: half of the tokens are a user's, a quarter are bound to an
 * agent, so that every join of the verdict finds something.
 *
 * @returns The texts of the tokens.
 */
export function seed(url: string, { count, hashKey }: { count: number; hashKey: string }): string[] {
  const orgIds = Array.from({ length: organisations }, () => `org_${identifier()}`);
  copy(
    url,
    'organisations (id, name, limits)',
    orgIds.map((id, index) => [id, `bench ${index}`, '{"requestsPerMinute": 6000}']),
  );
  const userIds = orgIds.map(() =>
    Array.from({ length: usersPerOrganisation }, () => `user_${identifier()}`),
  );
  const users = userIds.flatMap((ids, org) =>
    ids.map((id, index) => [id, orgIds[org] ?? '', `user ${index}`, 'member']),
  );
  copy(url, 'users (id, org_id, name, role)', users);
  const agentIds = orgIds.map(() => `agent_${identifier()}`);
  copy(
    url,
    'agents (id, org_id, name, scopes)',
    agentIds.map((id, org) => [id, orgIds[org] ?? '', 'bench', '{"models": ["echo"]}']),
  );
  const texts: string[] = [];
  const tokens = Array.from({ length: count }, (_, index) => {
    const org = index % organisations;
    const id = identifier();
    const text = `ibex_${id}_${randomBytes(32).toString('base64url')}`;
    texts.push(text);
    const hash = createHmac('sha256', hashKey).update(text, 'utf8').digest('hex');
    const isUsers = index % 2 === 0;
    const user = isUsers ? (userIds[org]?.[(index / 2) % usersPerOrganisation] ?? '') : '\\N';
    const agent = index % 4 === 1 ? (agentIds[org] ?? '') : '\\N';
    return [
      id,
      orgIds[org] ?? '',
      user,
      isUsers ? '\\N' : 'member',
      'bench',
      'issued',
      `\\\\x${hash}`,
      agent,
    ];
  });
  copy(url, 'tokens (id, org_id, user_id, role, name, origin, hash, agent_id)', tokens);
  return texts;
}
