import { fileURLToPath } from 'node:url';
import { Client, credentials } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition } from '@grpc/proto-loader';
import { protoPath as healthProtoPath } from 'grpc-health-check';

const reflectionProtoPath = fileURLToPath(
  new URL('../proto/grpc/reflection/v1/reflection.proto', import.meta.resolve('@grpc/reflection')),
);

type Method = MethodDefinition<object, object>;

/** A method of a proto file, found as a tool would that knows nothing of our code. */
function methodOf(protoPath: string, [service, method]: readonly [string, string]): Method {
  const definition = loadSync(protoPath, { enums: String, keepCase: true })[service];
  const found = (definition as Readonly<Record<string, Method>> | undefined)?.[method];
  if (found === undefined) throw new Error(`${protoPath} has no ${service}/${method}`);
  return found;
}

async function withClient<Result>(
  address: string,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client(address, credentials.createInsecure());
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

/** What `grpc.health.v1` says of a service; the empty name is the whole server. */
export function checkHealth(address: string, service: string): Promise<string> {
  const { path, requestSerialize, responseDeserialize } = methodOf(healthProtoPath, [
    'grpc.health.v1.Health',
    'Check',
  ]);
  return withClient(
    address,
    (client) =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          { service },
          (error, response) =>
            error === null ? resolve((response as { status: string }).status) : reject(error),
        );
      }),
  );
}

interface ServiceList {
  readonly list_services_response: { readonly service: readonly { readonly name: string }[] };
}

/** The services the server says it has, by reflection. */
export function listServices(address: string): Promise<string[]> {
  const { path, requestSerialize, responseDeserialize } = methodOf(reflectionProtoPath, [
    'grpc.reflection.v1.ServerReflection',
    'ServerReflectionInfo',
  ]);
  return withClient(
    address,
    (client) =>
      new Promise((resolve, reject) => {
        const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
        stream.on('error', reject);
        stream.on('data', (response: ServiceList) =>
          resolve(response.list_services_response.service.map(({ name }) => name)),
        );
        stream.write({ list_services: '' });
        stream.end();
      }),
  );
}
