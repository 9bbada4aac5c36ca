import { Server, ServerCredentials } from '@grpc/grpc-js';
import { AuthService, type AuthServiceHandlers, type TokenVerdict } from '@ibex/api/auth';
import { HealthImplementation } from 'grpc-health-check';

/** An auth service on a real gRPC port, with the verdicts a test gives it. */
export class TestAuth {
  readonly verdicts = new Map<string, Partial<TokenVerdict>>();
  /** How often a token was asked about. */
  validations = 0;
  #server: Server | undefined;
  #port = 0;

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Starts it, at the same port after a stop. */
  async start(): Promise<void> {
    const server = new Server();
    new HealthImplementation({ '': 'SERVING' }).addToServer(server);
    server.addService(AuthService.service, this.#handlers());
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    server.bindAsync(this.address, ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
    this.#port = await promise;
    this.#server = server;
  }

  #handlers(): AuthServiceHandlers {
    return {
      ValidateToken: (call, callback) => {
        this.validations += 1;
        callback(null, this.verdicts.get(call.request.token) ?? { status: 'TOKEN_STATUS_UNKNOWN' });
      },
      ValidateAgent: (_call, callback) => callback(null, { status: 'AGENT_STATUS_NOT_FOUND' }),
      ListRevocations: (_call, callback) => callback(null, { reset: true }),
      WatchRevocations: (call) => call.end(),
      RecordKill: (_call, callback) => callback(null, { status: 'KILL_STATUS_NOT_ALLOWED' }),
    };
  }

  stop(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }

  /** Makes a token good for a role. */
  allow(token: string, verdict: Partial<TokenVerdict> = {}): void {
    this.verdicts.set(token, {
      status: 'TOKEN_STATUS_OK',
      tokenId: 'token-1',
      orgId: 'org-1',
      userId: 'user-1',
      role: 'admin',
      cacheTtlMs: 60_000,
      ...verdict,
    });
  }
}
