import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type ServiceName, serviceNames } from '../children/services.ts';
import { loadContract, shippedContract } from '../contract/load.ts';
import type {
  AttachTarget,
  GateRequest,
  LiveSubject,
  ScriptTarget,
  StartTarget,
} from '../gate/gate-request.ts';
import { liveSubjects } from '../gate/gate-request.ts';
import { errorText } from '../user-error.ts';
import type { DispatchContext } from './dispatch.ts';
import { UsageError } from './usage-error.ts';

/** How the report is given. */
export interface ReportOptions {
  readonly json: boolean;
  readonly junitFile: string | undefined;
}

export type GateArguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'live'; readonly request: GateRequest; readonly report: ReportOptions }
  | {
      readonly kind: 'source';
      readonly directory: string;
      readonly configFile: string | undefined;
      readonly report: ReportOptions;
    };

const options = {
  url: { type: 'string' },
  start: { type: 'string' },
  service: { type: 'string' },
  contract: { type: 'string' },
  'metrics-path': { type: 'string' },
  'metrics-url': { type: 'string' },
  'ready-path': { type: 'string' },
  credentials: { type: 'string' },
  collector: { type: 'string' },
  token: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean' },
  junit: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = {
  readonly [Name in keyof typeof options]?: (typeof options)[Name]['type'] extends 'string'
    ? string
    : boolean;
};

const foreignToServices = [
  'url',
  'service',
  'credentials',
  'metrics-path',
  'metrics-url',
  'ready-path',
] as const;

/**
 * Reads what was typed after `ibex gate`.
 * @throws {UsageError} naming the argument.
 */
export async function readGateArguments(
  args: readonly string[],
  context: DispatchContext,
): Promise<GateArguments> {
  const { values, positionals } = parse(args);
  if (values.help === true) return { kind: 'help' };
  const report = { json: values.json === true, junitFile: values.junit };
  const [first, ...rest] = positionals;
  if (first === undefined) throw new UsageError('what to hold against the contract is missing');
  if (first === 'source') return sourceArguments(rest, values, report);
  const subjects = positionals.map(readSubject);
  const target =
    values.start === undefined
      ? attachTarget(subjects, values, context)
      : startTarget(values.start, values, context);
  const contract =
    values.contract === undefined
      ? shippedContract()
      : await loadContract(values.contract, context.directory);
  return {
    kind: 'live',
    request: { ...context, subjects: [...new Set(subjects)], target, contract },
    report,
  };
}

function parse(args: readonly string[]): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(errorText(error).replace(/\.$/, ''));
  }
}

function sourceArguments(rest: readonly string[], values: Values, report: ReportOptions): GateArguments {
  const [directory = '.', ...more] = rest;
  if (more.length > 0) throw new UsageError('`ibex gate source` takes one directory');
  const foreign = Object.keys(values).find((name) => !['config', 'json', 'junit'].includes(name));
  if (foreign !== undefined) throw new UsageError(`\`ibex gate source\` takes no --${foreign}`);
  return { kind: 'source', directory, configFile: values.config, report };
}

function readSubject(text: string): LiveSubject {
  const subject = liveSubjects.find((candidate) => candidate === text);
  if (subject !== undefined) return subject;
  throw new UsageError(
    `there is no gate "${text.slice(0, 50)}": there are ${liveSubjects.join(', ')} and source`,
  );
}

/** `all`, names by comma, or a script of another repository, told by its slash or its ending. */
function startTarget(
  text: string,
  values: Values,
  { directory, environment }: DispatchContext,
): StartTarget | ScriptTarget {
  const isScript = /[/\\]|\.[cm]?[jt]s$/.test(text);
  const foreign = (['collector', 'token', ...(isScript ? [] : foreignToServices)] as const).find(
    (name) => values[name] !== undefined,
  );
  if (foreign !== undefined) throw new UsageError(`--${foreign} does not go with --start ${text}`);
  if (text === 'all') return { kind: 'start', services: serviceNames };
  if (!isScript) return { kind: 'start', services: text.split(',').map(readService) };
  if (values.url === undefined || values.service === undefined) {
    throw new UsageError('--start with a script needs --url and --service');
  }
  return {
    kind: 'script',
    script: resolve(directory, text),
    ...readUrls(values.url, values['metrics-url']),
    service: values.service,
    readyPath: values['ready-path'] ?? '/readyz',
    metricsPath: values['metrics-path'] ?? '/metrics',
    credentialsFile: values.credentials ?? environment.IBEX_CREDENTIALS_FILE,
  };
}

function readService(text: string): ServiceName {
  const name = serviceNames.find((candidate) => candidate === text.trim());
  if (name !== undefined) return name;
  throw new UsageError(
    `--start takes ${serviceNames.join(', ')}, all, or a script: it is "${text.slice(0, 50)}"`,
  );
}

function attachTarget(
  subjects: readonly LiveSubject[],
  values: Values,
  { environment }: DispatchContext,
): AttachTarget {
  if (values.url === undefined) throw new UsageError('--url or --start is missing');
  const token = values.token ?? environment.IBEX_COLLECTOR_QUERY_TOKEN;
  const needsCollector = subjects.find((subject) => subject !== 'metrics');
  if (values.collector === undefined && needsCollector !== undefined) {
    throw new UsageError(
      `${needsCollector} of a running service are asked of its collector: --collector is missing`,
    );
  }
  if (values.collector !== undefined && token === undefined) {
    throw new UsageError('--collector needs --token, or the variable IBEX_COLLECTOR_QUERY_TOKEN');
  }
  return {
    kind: 'attach',
    ...readUrls(values.url, values['metrics-url']),
    service: values.service,
    metricsPath: values['metrics-path'] ?? '/metrics',
    credentialsFile: values.credentials ?? environment.IBEX_CREDENTIALS_FILE,
    collector:
      values.collector === undefined || token === undefined
        ? undefined
        : { url: readUrl('collector', values.collector), token },
  };
}

/** Where a service answers, and where it tells of itself: at the same address unless another is named. */
function readUrls(url: string, metricsUrl = url): { url: string; metricsUrl: string } {
  return { url: readUrl('url', url), metricsUrl: readUrl('metrics-url', metricsUrl) };
}

function readUrl(name: string, text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, '');
  throw new UsageError(`--${name} must be an http(s) URL: it is "${text.slice(0, 100)}"`);
}
