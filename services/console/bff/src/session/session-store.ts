import { createHash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { sealToken } from './sealed-token.ts';
import type { Identity, Session } from './session.ts';

const idPattern = /^[A-Za-z0-9_-]{43}$/;

export interface SessionStoreOptions {
  /** How many sessions are kept; the one unused for longest goes first. Default 10,000. */
  readonly capacity?: number;
  /** A session ends after this long without a request. */
  readonly idleMs: number;
  /** A session ends after this long in any case. */
  readonly maximumMs: number;
  /** The present, Unix milliseconds. */
  readonly now?: () => number;
}

/** The sessions of this process, in memory, found by a hash of the id the browser holds. */
export class SessionStore {
  readonly #sessions: LRUCache<string, Session>;
  readonly #options: SessionStoreOptions;
  readonly #now: () => number;

  constructor(options: SessionStoreOptions) {
    this.#sessions = new LRUCache({ max: options.capacity ?? 10_000 });
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** How many sessions are kept, ended ones that nobody asked for since included. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Opens a session under a new random id of 256 bits. */
  create(identity: Identity, token: string): { id: string; session: Session } {
    const id = randomBytes(32).toString('base64url');
    const now = this.#now();
    const session: Session = {
      csrfToken: randomBytes(32).toString('base64url'),
      createdAtUnixMs: now,
      sealedToken: sealToken(token, id),
      identity,
      lastSeenAtUnixMs: now,
      verifiedAtUnixMs: now,
      nextCheckAtUnixMs: now + identity.trustedForMs,
      checking: undefined,
      authUnreachable: false,
    };
    this.#sessions.set(keyOf(id), session);
    return { id, session };
  }

  /** The session of that id, marked as used now; undefined when there is none or it has ended. */
  find(id: string): Session | undefined {
    if (!idPattern.test(id)) return undefined;
    const session = this.#sessions.get(keyOf(id));
    if (session === undefined) return undefined;
    if (this.#now() >= this.expiresAtUnixMs(session)) {
      this.delete(id);
      return undefined;
    }
    session.lastSeenAtUnixMs = this.#now();
    return session;
  }

  /** Whether the id still opens a session; does not count as a use. */
  has(id: string): boolean {
    return this.#sessions.has(keyOf(id));
  }

  delete(id: string): void {
    this.#sessions.delete(keyOf(id));
  }

  /** When the session ends if nobody uses it: idle time, maximum time or the token's own end, whichever is first. */
  expiresAtUnixMs(session: Session): number {
    return Math.min(
      session.lastSeenAtUnixMs + this.#options.idleMs,
      session.createdAtUnixMs + this.#options.maximumMs,
      session.identity.tokenExpiresAtUnixMs ?? Number.POSITIVE_INFINITY,
    );
  }
}

function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('base64');
}
