import {
  Client,
  credentials,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
} from '@grpc/grpc-js';
import { AuthService } from '@ibex/api/auth';
import { UsageService } from '@ibex/api/usage';

/** Stands between a gateway and auth, and hands on what is asked, as it is. */
export interface AuthRelay {
  /** `host:port` to connect to instead. */
  readonly address: string;
  /** Ends the streams that tell of revocations and refuses new ones; single questions are handed on. */
  cutStreams(): void;
  mendStreams(): void;
  close(): void;
}

const isStream = ({ responseStream }: MethodDefinition<unknown, unknown>) => responseStream;
const asItIs = (bytes: Buffer): Buffer => bytes;

/** The same method for bytes that nobody reads. */
function unread({ path, requestStream, responseStream }: MethodDefinition<unknown, unknown>) {
  const serialisers = { requestSerialize: asItIs, requestDeserialize: asItIs };
  return {
    ...{ path, requestStream, responseStream, ...serialisers },
    ...{ responseSerialize: asItIs, responseDeserialize: asItIs },
  };
}

class Streams {
  readonly #ends = new Set<() => void>();
  #cut = false;

  relay(client: Client, path: string): handleServerStreamingCall<Buffer, Buffer> {
    return (call) => {
      const refuse = () => call.destroy(Object.assign(new Error('cut'), { code: status.UNAVAILABLE }));
      if (this.#cut) return void refuse();
      const source = client.makeServerStreamRequest(path, asItIs, asItIs, call.request);
      const end = () => {
        this.#ends.delete(end);
        source.cancel();
        refuse();
      };
      this.#ends.add(end);
      source.on('data', (batch: Buffer) => call.write(batch));
      source.on('error', end);
      source.on('end', () => call.end());
      call.on('cancelled', end);
    };
  }

  set cut(cut: boolean) {
    this.#cut = cut;
    if (cut) for (const end of this.#ends) end();
  }
}

/** Puts a relay before an auth at `host:port`. */
export async function startAuthRelay(target: string): Promise<AuthRelay> {
  const client = new Client(target, credentials.createInsecure());
  const server = new Server();
  const streams = new Streams();
  const unary =
    (path: string): handleUnaryCall<Buffer, Buffer> =>
    (call, callback) => {
      const deadline = call.getDeadline();
      client.makeUnaryRequest(path, asItIs, asItIs, call.request, call.metadata, { deadline }, callback);
    };
  for (const service of [AuthService.service, UsageService.service]) {
    const methods = Object.entries<MethodDefinition<unknown, unknown>>(service as ServiceDefinition);
    server.addService(
      Object.fromEntries(methods.map(([name, method]) => [name, unread(method)])),
      Object.fromEntries(
        methods.map(([name, method]) => [
          name,
          isStream(method) ? streams.relay(client, method.path) : unary(method.path),
        ]),
      ),
    );
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    cutStreams: () => {
      streams.cut = true;
    },
    mendStreams: () => {
      streams.cut = false;
    },
    close: () => {
      server.forceShutdown();
      client.close();
    },
  };
}
