// Asks auth at a fixed rate, whether or not it keeps up, in a process of its own. Every token is asked about once. The
// time of an answer counts from when the question was due, so that a stall is felt by everything that was due in it.
import { readFileSync } from 'node:fs';
import { Client, credentials } from '@grpc/grpc-js';
import { encodeRequest, isOk } from './protobuf.ts';

const path = '/ibex.auth.v1.AuthService/ValidateToken';
const connections = 4;
const deadlineMs = 5_000;

/** What the load saw. Milliseconds, in the order of the questions; a failure has none. */
export interface LoadResult {
  readonly durationsMs: readonly number[];
  readonly failures: Readonly<Record<string, number>>;
  readonly seconds: number;
}

function connect(address: string): Client[] {
  return Array.from(
    { length: connections },
    () => new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 }),
  );
}

async function run(address: string, { tokens, perSecond }: { tokens: readonly string[]; perSecond: number }) {
  const clients = connect(address);
  const durationsMs: number[] = [];
  const failures: Record<string, number> = {};
  const fail = (reason: string) => {
    failures[reason] = (failures[reason] ?? 0) + 1;
  };
  const startedAt = performance.now();
  let sent = 0;
  let answered = 0;
  await new Promise<void>((resolve) => {
    const send = (index: number, dueAt: number) => {
      const client = clients[index % connections];
      client?.makeUnaryRequest(
        path,
        encodeRequest,
        (bytes: Buffer) => bytes,
        tokens[index] ?? '',
        { deadline: Date.now() + deadlineMs },
        (error, response) => {
          if (error !== null) fail(String(error.code));
          else if (response === undefined || !isOk(response)) fail('refused');
          else durationsMs.push(performance.now() - dueAt);
          answered += 1;
          if (answered === tokens.length) resolve();
        },
      );
    };
    const timer = setInterval(() => {
      const due = Math.min(tokens.length, Math.floor(((performance.now() - startedAt) / 1000) * perSecond));
      for (; sent < due; sent += 1) send(sent, startedAt + (sent / perSecond) * 1000);
      if (sent === tokens.length) clearInterval(timer);
    }, 1);
  });
  for (const client of clients) client.close();
  return { durationsMs, failures, seconds: (performance.now() - startedAt) / 1000 };
}

const [address = '', tokensFile = '', perSecond = '1000'] = process.argv.slice(2);
const tokens = readFileSync(tokensFile, 'utf8').trim().split('\n');
const result: LoadResult = await run(address, { tokens, perSecond: Number(perSecond) });
process.stdout.write(JSON.stringify(result));
