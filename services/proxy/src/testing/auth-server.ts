import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import {
  type AgentVerdict,
  AuthService,
  type AuthServiceHandlers,
  type RecordKillRequest,
  type Revocation,
  type TokenVerdict,
} from '@ibex/api/auth';
import { UsageService } from '@ibex/api/usage';
import { HealthImplementation } from 'grpc-health-check';

type Partially<Verdict> = Partial<Verdict>;

import { TestUsage } from './usage-server.ts';

/** An auth service over the wire contract, for tests: it answers what the test puts into its tables. */
export interface TestAuthServer {
  readonly address: string;
  readonly tokens: Map<string, Partially<TokenVerdict>>;
  /** By `orgId/agentId`. */
  readonly agents: Map<string, Partially<AgentVerdict>>;
  /** Tokens asked for, in order. */
  readonly asked: string[];
  /** Metadata of the calls, in order. */
  readonly metadata: Record<string, unknown>[];
  /** What gateways recorded, in order, each once. */
  readonly usage: TestUsage;
  /** Kills that were recorded, in order. */
  readonly kills: RecordKillRequest[];
  /** What is answered to who wants one recorded. */
  killing: 'recorded' | 'not allowed' | 'failing';
  /** How revocations can be heard of. */
  watching: 'stream' | 'poll' | 'not';
  /** Tells everybody of a revocation. */
  revoke(revocation: Revocation): void;
  stop(): void;
}

const unknownToken: Partially<TokenVerdict> = { status: 'TOKEN_STATUS_UNKNOWN' };

/** A good token of `org-1`, with the given changes. */
export function goodToken(changes: Partially<TokenVerdict> = {}): Partially<TokenVerdict> {
  return {
    status: 'TOKEN_STATUS_OK',
    tokenId: 'token-1',
    orgId: 'org-1',
    userId: 'user-1',
    role: 'member',
    cacheTtlMs: 60_000,
    ...changes,
  };
}

const heartbeatMs = 100;

type WatchCall = Parameters<AuthServiceHandlers['WatchRevocations']>[0];

/** Revocations as the wire contract has them; cursors are the count of what was told. */
class TestRevocations {
  watching: TestAuthServer['watching'] = 'stream';
  readonly #revocations: Revocation[] = [];
  readonly #wakers = new Set<() => void>();

  readonly handlers: Pick<AuthServiceHandlers, 'ListRevocations' | 'WatchRevocations'> = {
    ListRevocations: ({ request }, callback) => {
      if (this.watching === 'not') callback({ code: status.UNIMPLEMENTED });
      else callback(null, this.#since(request.cursor));
    },
    WatchRevocations: (call) => this.#watch(call),
  };

  revoke(revocation: Revocation): void {
    this.#revocations.push(revocation);
    for (const wake of this.#wakers) wake();
  }

  #since(cursor: string) {
    const seen = cursor === '' ? this.#revocations.length : Number(cursor);
    const revocations = this.#revocations.slice(seen);
    return { cursor: String(this.#revocations.length), reset: cursor === '', revocations };
  }

  #watch(call: WatchCall): void {
    let { cursor } = call.request;
    const tell = () => {
      if (this.watching !== 'stream') return call.end();
      const batch = this.#since(cursor);
      cursor = batch.cursor;
      return call.write(batch);
    };
    const heartbeat = setInterval(tell, heartbeatMs).unref();
    this.#wakers.add(tell);
    call.once('close', () => {
      clearInterval(heartbeat);
      this.#wakers.delete(tell);
    });
    tell();
  }
}

/** Starts it on the given port, or on a free one. */
export async function startAuthServer(port = 0): Promise<TestAuthServer> {
  const server = new Server();
  const tokens = new Map([['good', goodToken()]]);
  const agents = new Map<string, Partially<AgentVerdict>>();
  const asked: string[] = [];
  const metadata: Record<string, unknown>[] = [];
  const revocations = new TestRevocations();
  const state: Pick<TestAuthServer, 'kills' | 'killing'> = { kills: [], killing: 'recorded' };
  server.addService(AuthService.service, {
    ValidateToken: (call, callback) => {
      asked.push(call.request.token);
      metadata.push(call.metadata.getMap());
      callback(null, tokens.get(call.request.token) ?? unknownToken);
    },
    ValidateAgent: (call, callback) => {
      metadata.push(call.metadata.getMap());
      const { orgId, agentId } = call.request;
      callback(null, agents.get(`${orgId}/${agentId}`) ?? { status: 'AGENT_STATUS_NOT_FOUND' });
    },
    RecordKill: (call, callback) => {
      if (state.killing === 'failing') callback({ code: status.UNAVAILABLE });
      else if (state.killing === 'not allowed') callback(null, { status: 'KILL_STATUS_NOT_ALLOWED' });
      else {
        state.kills.push(call.request);
        callback(null, { status: 'KILL_STATUS_RECORDED' });
      }
    },
    ...revocations.handlers,
  } satisfies AuthServiceHandlers);
  const usage = new TestUsage();
  server.addService(UsageService.service, usage.handlers);
  new HealthImplementation({ '': 'SERVING' }).addToServer(server);
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, number) =>
      error === null ? resolve(number) : reject(error),
    );
  });
  return {
    address: `127.0.0.1:${bound}`,
    tokens,
    agents,
    asked,
    metadata,
    usage,
    kills: state.kills,
    get killing() {
      return state.killing;
    },
    set killing(killing) {
      state.killing = killing;
    },
    get watching() {
      return revocations.watching;
    },
    set watching(watching) {
      revocations.watching = watching;
    },
    revoke: (revocation) => revocations.revoke(revocation),
    stop: () => server.forceShutdown(),
  };
}
