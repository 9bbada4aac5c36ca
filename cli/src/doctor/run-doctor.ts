import { ConfigError, readTelemetrySettings, type TelemetrySettings } from '@ibex/telemetry/config';
import { type Ports, portSettings } from '../settings/ports.ts';
import { readUpSettings, type UpSettings } from '../settings/up-settings.ts';
import { errorText, UserError } from '../user-error.ts';
import { checkCollector } from './collector/check-collector.ts';
import { checkConfiguration } from './configuration/check-configuration.ts';
import { readObservability } from './configuration/observability-block.ts';
import { type DoctorContext, findQueryToken } from './context.ts';
import { createHider } from './hide.ts';
import { checkApiCopies } from './host/api-copies.ts';
import { checkDataDirectory } from './host/disk-space.ts';
import { checkNodeVersion } from './host/node-version.ts';
import { type DoctorReport, type Finding, problem, type Section } from './model.ts';
import { checkDependencies } from './running/check-dependencies.ts';
import { checkServices } from './running/check-services.ts';

export interface DoctorOptions {
  readonly root: string;
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly version: string;
  /** For everything together. */
  readonly timeoutMs: number;
  readonly mayTest: boolean;
}

/** Looks at everything at once; what is not done in time says so. Never throws for what it finds. */
export async function runDoctor(options: DoctorOptions): Promise<DoctorReport> {
  const startedAt = performance.now();
  const ending = new AbortController();
  const { context, readErrors } = createContext(options, ending.signal);
  const timer = setTimeout(() => ending.abort(), options.timeoutMs);
  const section = (title: string, check: Promise<readonly Finding[]> | readonly Finding[]) =>
    inTime(title, { check: Promise.resolve(check), signal: ending.signal });
  const sections = await Promise.all([
    section('This machine', [
      checkNodeVersion(process.versions.node),
      checkDataDirectory(context.up.dataDirectory),
      checkApiCopies(options.directory),
    ]),
    section('Configuration', checkConfiguration(context, readErrors)),
    section('Collector', checkCollector(context)),
    section('Services', checkServices(context)),
    section('Named besides', checkDependencies(context)),
  ]);
  clearTimeout(timer);
  ending.abort();
  const hide = createHider(options.environment, [context.queryToken, ...headerValues(context)]);
  return {
    version: options.version,
    sections: sections.filter(({ findings }) => findings.length > 0).map((each) => hidden(each, hide)),
    durationMs: performance.now() - startedAt,
  };
}

async function inTime(
  title: string,
  { check, signal }: { check: Promise<readonly Finding[]>; signal: AbortSignal },
): Promise<Section> {
  const late = new Promise<readonly Finding[]>((resolve) => {
    const advice = 'Give it longer with --timeout, or look at what is slow.';
    signal.addEventListener('abort', () => resolve([problem(title, 'not done in time', advice)]));
  });
  try {
    return { title, findings: await Promise.race([check, late]) };
  } catch (error) {
    const advice = 'This is a fault of `ibex doctor`: report it with this line.';
    return { title, findings: [problem(title, `the check itself failed: ${errorText(error)}`, advice)] };
  }
}

/** What the checks share; what cannot be read becomes a finding, and the default takes its place. */
function createContext(
  options: DoctorOptions,
  signal: AbortSignal,
): { context: DoctorContext; readErrors: readonly Finding[] } {
  const { root, directory, environment, mayTest } = options;
  const errors: Finding[] = [];
  const up =
    attempt(() => readUpSettings(environment, directory), errors) ?? fallbackSettings(environment, directory);
  const telemetry = attempt(() => readTelemetry(up, environment), errors);
  const endpoint = `127.0.0.1:${up.ports.collectorOtlpGrpc}`;
  const underUp = { ...environment, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, IBEX_DEFAULT_SAMPLE_RATIO: '1' };
  const telemetryUnderUp = telemetry && attempt(() => readTelemetry(up, underUp), errors);
  const queryToken = findQueryToken(environment, up);
  const context = {
    root,
    directory,
    environment,
    up,
    telemetry,
    telemetryUnderUp,
    queryToken,
    signal,
    mayTest,
  };
  return { context, readErrors: errors };
}

function readTelemetry({ configFile }: UpSettings, environment: NodeJS.ProcessEnv): TelemetrySettings {
  const observability = readObservability(configFile);
  return readTelemetrySettings({ service: 'doctor', environment, observability });
}

function attempt<Value>(read: () => Value, errors: Finding[]): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof UserError)) throw error;
    const name =
      error instanceof ConfigError
        ? error.field
        : (/^[A-Z][A-Z_]+/.exec(error.message)?.[0] ?? 'configuration');
    errors.push(problem(name, error.message, 'Correct it as the rule says: see docs/configuration.md.'));
    return undefined;
  }
}

function fallbackSettings({ IBEX_DATA_DIR }: NodeJS.ProcessEnv, directory: string): UpSettings {
  const ports = Object.fromEntries(
    Object.entries(portSettings).map(([name, { fallback }]) => [name, fallback]),
  );
  const dataDirectory = readUpSettings({ IBEX_DATA_DIR }, directory).dataDirectory;
  return {
    ports: ports as Ports,
    dataDirectory,
    configFile: undefined,
    deploymentEnvironment: 'development',
    sampleRatio: undefined,
  };
}

/** Headers of an exporter are credentials more often than not. */
function headerValues({ telemetry }: DoctorContext): string[] {
  return telemetry?.exporter.type === 'otlp' ? Object.values(telemetry.exporter.headers) : [];
}

function hidden({ title, findings }: Section, hide: (text: string) => string): Section {
  return {
    title,
    findings: findings.map((finding) => ({
      ...finding,
      message: hide(finding.message),
      ...(finding.advice === undefined ? {} : { advice: hide(finding.advice) }),
    })),
  };
}
