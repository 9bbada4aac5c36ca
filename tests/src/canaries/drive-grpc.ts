import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { AuthService } from '@ibex/api/auth';
import type { Canary } from '@ibex/telemetry/testing';
import { headerTextOf, idHeadersOf, nameOf, traceStateOf } from './canary-text.ts';

/** Asks auth about each canary as a token, with canaries in the metadata; gives back what it answered. */
export async function driveGrpc(address: string, canaries: readonly Canary[]): Promise<string[]> {
  const client = new AuthService(address, credentials.createInsecure());
  const answers: string[] = [];
  try {
    for (const canary of canaries) answers.push(await validate(client, canary));
  } finally {
    client.close();
  }
  return answers;
}

function validate(client: InstanceType<typeof AuthService>, canary: Canary): Promise<string> {
  const metadata = new Metadata();
  metadata.set(`x-${nameOf(canary).toLowerCase()}`, headerTextOf(canary).slice(0, 1_000));
  for (const [name, id] of Object.entries(
    idHeadersOf(canary, ['x-request-id', 'x-correlation-id', 'x-org-id']),
  )) {
    metadata.set(name, id);
  }
  metadata.set('traceparent', `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`);
  for (const state of Object.values(traceStateOf(canary))) metadata.set('tracestate', state);
  return new Promise((resolve) => {
    const deadline = new Date(Date.now() + 10_000);
    const request = { token: canary.secret, clientAddress: '' };
    client.ValidateToken(request, metadata, { deadline }, (error: ServiceError | null, answer) =>
      resolve(error === null ? JSON.stringify(answer) : `${error.code} ${error.details}`),
    );
  });
}
