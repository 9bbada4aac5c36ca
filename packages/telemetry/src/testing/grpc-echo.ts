import {
  credentials,
  type Interceptor,
  type Metadata,
  makeClientConstructor,
  Server,
  ServerCredentials,
  type ServerInterceptor,
  type ServiceError,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';

const pass = (bytes: Buffer) => bytes;

function method(name: string, stream: { request: boolean; response: boolean }) {
  return {
    path: `/test.v1.EchoService/${name}`,
    requestStream: stream.request,
    responseStream: stream.response,
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  };
}

const service = {
  Echo: method('Echo', { request: false, response: false }),
  Count: method('Count', { request: false, response: true }),
  Talk: method('Talk', { request: true, response: true }),
};
const EchoClient = makeClientConstructor(service, 'EchoService');

export interface EchoHouse {
  readonly client: InstanceType<typeof EchoClient>;
  /** One unary call; rejects with the `ServiceError`. */
  echo(metadata?: Metadata, options?: { deadline?: number }): Promise<string>;
  stopServer(): void;
  stop(): void;
}

/** A real gRPC server with the handlers and interceptors given, and a client of it with its own. */
export async function startEchoHouse(options: {
  handlers: UntypedServiceImplementation;
  serverInterceptors: readonly ServerInterceptor[];
  clientInterceptors: readonly Interceptor[];
}): Promise<EchoHouse> {
  const server = new Server({ interceptors: [...options.serverInterceptors] });
  const unhandled = Object.fromEntries(Object.keys(service).map((name) => [name, () => {}]));
  server.addService(service, { ...unhandled, ...options.handlers });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const client = new EchoClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
    interceptors: [...options.clientInterceptors],
  });
  return {
    client,
    echo: (metadata, callOptions = {}) =>
      new Promise((resolve, reject) => {
        const done = (error: ServiceError | null, value?: Buffer) =>
          error === null ? resolve(String(value)) : reject(error);
        const call = client.Echo as (...given: unknown[]) => void;
        const given = metadata === undefined ? [Buffer.from('hello')] : [Buffer.from('hello'), metadata];
        call.call(client, ...given, callOptions, done);
      }),
    stopServer: () => server.forceShutdown(),
    stop: () => {
      client.close();
      server.forceShutdown();
    },
  };
}
