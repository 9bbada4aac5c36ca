import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../harness/free-port.ts';
import type { RunningAuth } from './auth.ts';
import { peerScript } from './peers.ts';
import { type Program, startProgram } from './program.ts';

const proxyScript = fileURLToPath(import.meta.resolve('../../../services/proxy/src/main.ts'));
const bareScript = fileURLToPath(import.meta.resolve('./bare.ts'));

/** What every variant is put between. */
export interface Surroundings {
  readonly cpu: number;
  readonly modelUrl: string;
  /** host:port of the sink of traces. */
  readonly sink: string;
  readonly auth: RunningAuth;
  /** For files a variant needs. */
  readonly directory: string;
}

/** A gateway that serves, and what its clients have to send along. */
export interface RunningVariant {
  readonly program: Program;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
}

type Start = (surroundings: Surroundings) => Promise<RunningVariant>;

const startBare: Start = async ({ cpu, modelUrl }) => {
  const port = await freePort();
  const readyUrl = `http://127.0.0.1:${port}/healthz`;
  const program = await startProgram({ cpu, script: bareScript, args: [String(port), modelUrl], readyUrl });
  return { program, port, headers: {} };
};

const startPortkey: Start = async ({ cpu, modelUrl }) => {
  const port = await freePort();
  const program = await startProgram({
    cpu,
    script: peerScript('@portkey-ai/gateway/build/start-server.js'),
    args: [`--port=${port}`, '--headless'],
    readyUrl: `http://127.0.0.1:${port}/`,
  });
  const headers = {
    authorization: 'Bearer sk-benchmark',
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `${modelUrl}/v1`,
  };
  return { program, port, headers };
};

/** The proxy as it ships: authentication, limits, token accounting; limits too high to be reached. */
function startIbex(environment: Readonly<Record<string, string>>, observability?: object): Start {
  return async ({ cpu, modelUrl, sink, auth, directory }) => {
    const port = await freePort();
    const config = join(directory, `config-${port}.yaml`);
    // JSON is YAML.
    writeFileSync(config, JSON.stringify(observability === undefined ? {} : { observability }));
    const program = await startProgram({
      cpu,
      script: proxyScript,
      environment: {
        IBEX_HOST: '127.0.0.1',
        IBEX_PROXY_PORT: String(port),
        IBEX_CONFIG: config,
        IBEX_AUTH_GRPC_ADDRESS: auth.grpcAddress,
        IBEX_PROXY_REQUESTS_PER_MINUTE: '1000000000',
        IBEX_PROXY_ADDRESS_REQUESTS_PER_MINUTE: '1000000000',
        OPENAI_API_KEY: 'sk-benchmark',
        OPENAI_BASE_URL: `${modelUrl}/v1`,
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://${sink}`,
        ...environment,
      },
      readyUrl: `http://127.0.0.1:${port}/readyz`,
    });
    return { program, port, headers: { authorization: `Bearer ${auth.apiKey}` } };
  };
}

/** By the name in the report. */
export const variants = {
  'bare forwarder': startBare,
  'ibex 100 %': startIbex({ OTEL_SAMPLE_RATIO: '1' }),
  'ibex 1 %': startIbex({ OTEL_SAMPLE_RATIO: '0.01' }),
  'ibex, telemetry off': startIbex({ IBEX_LOG_LEVEL: 'ERROR' }, { enabled: false }),
  portkey: startPortkey,
} as const satisfies Readonly<Record<string, Start>>;

export type VariantName = keyof typeof variants;

export const variantNames = Object.keys(variants) as readonly VariantName[];
