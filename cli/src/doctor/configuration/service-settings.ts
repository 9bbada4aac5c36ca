import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { environmentOf } from '../../children/environment.ts';
import { type ServiceName, serviceNames, serviceScripts } from '../../children/services.ts';
import type { DoctorContext } from '../context.ts';

/** What one service thinks of the settings `ibex up` would hand it. */
export interface ServiceOpinion {
  readonly service: ServiceName;
  readonly variables: readonly string[];
  readonly problems: readonly { readonly setting: string; readonly message: string }[];
  /** Why the service could not be asked. */
  readonly failure?: string;
}

const timeoutMs = 25_000;
const longestOutputBytes = 1024 * 1024;

/** Asks every service, as a process of its own that starts nothing. */
export function askServices(context: DoctorContext): Promise<ServiceOpinion[]> {
  return Promise.all(serviceNames.map((service) => askService(service, context)));
}

function askService(service: ServiceName, context: DoctorContext): Promise<ServiceOpinion> {
  const script = join(context.root, serviceScripts[service]);
  if (!existsSync(script)) return Promise.resolve(failed(service, `${script} is not there`));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', script],
      {
        env: settingsEnvironment(service, context),
        cwd: context.directory,
        timeout: timeoutMs,
        signal: context.signal,
        maxBuffer: longestOutputBytes,
      },
      (error, stdout, stderr) => resolve(readOpinion(service, { stdout, stderr, failed: error !== null })),
    );
  });
}

/** What `ibex up` hands the service; secrets it would make at its first start have a stand-in. */
function settingsEnvironment(service: ServiceName, context: DoctorContext): NodeJS.ProcessEnv {
  const { up, environment } = context;
  const file = (name: string) => join(up.dataDirectory, 'secrets', name);
  const given = environmentOf(service, {
    settings: up,
    secrets: {
      tokenHashKeyFile: file('token-hash-key'),
      queryTokenFile: file('query-token'),
      loginCodeFile: file('login-code'),
      loginCode: '',
    },
    inherited: environment,
    compileCacheDirectory:
      environment.NODE_COMPILE_CACHE ?? join(context.root, 'node_modules/.cache/node-compile'),
  });
  const standIns = Object.entries(given).flatMap(([name, value]) => {
    const isToBeMade = name.endsWith('_FILE') && environment[name] === undefined && !existsSync(value ?? '');
    return isToBeMade ? [name] : [];
  });
  for (const name of standIns) {
    delete given[name];
    if (name !== 'IBEX_CREDENTIALS_FILE')
      given[name.slice(0, -'_FILE'.length)] = randomBytes(32).toString('hex');
  }
  return { ...given, IBEX_CHECK_SETTINGS: 'true' };
}

function readOpinion(
  service: ServiceName,
  { stdout, stderr, failed: hasFailed }: { stdout: string; stderr: string; failed: boolean },
): ServiceOpinion {
  try {
    const { variables, problems } = JSON.parse(stdout) as ServiceOpinion;
    return { service, variables, problems };
  } catch {
    const words =
      stderr.split('\n').find((line) => /Error|ibex /.test(line)) ??
      (hasFailed ? 'it ended' : 'it said nothing');
    return failed(service, words.slice(0, 300));
  }
}

function failed(service: ServiceName, failure: string): ServiceOpinion {
  return { service, variables: [], problems: [], failure };
}
