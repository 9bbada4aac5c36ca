import { existsSync } from 'node:fs';
import { telemetryVariables } from '@ibex/telemetry/config';
import { portNames, portSettings } from '../../settings/ports.ts';
import type { DoctorContext } from '../context.ts';
import { type Finding, ok, problem, skipped, warning } from '../model.ts';
import { checkSampling } from './sampling.ts';
import { askServices, type ServiceOpinion } from './service-settings.ts';
import { findUnknownVariables } from './unknown-variables.ts';

/** Variables that `ibex` itself reads. */
const upVariables = [
  ...portNames.map((name) => portSettings[name].variable),
  ...['IBEX_DATA_DIR', 'IBEX_CONFIG', 'IBEX_ENV', 'IBEX_CREDENTIALS_FILE'],
] as const;

const howToMend = 'Correct it as the rule says: see docs/configuration.md.';

/** The variables of this shell and `config.yaml`, as the services read them. */
export async function checkConfiguration(
  context: DoctorContext,
  readErrors: readonly Finding[],
): Promise<Finding[]> {
  const opinions = await askServices(context);
  const answered = opinions.filter(({ failure }) => failure === undefined);
  const known = [...telemetryVariables, ...upVariables, ...answered.flatMap(({ variables }) => variables)];
  const variables =
    answered.length === opinions.length
      ? findUnknownVariables(context.environment, known)
      : [skipped('variables', 'not compared: not every service named those it reads')];
  const sampling =
    context.telemetry === undefined ? [] : [checkSampling(context.telemetry, context.telemetryUnderUp)];
  const all = [
    ...variables,
    ...readErrors,
    ...configFile(context),
    ...settingsFindings(opinions),
    ...sampling,
  ];
  return dedupe(all);
}

function configFile({ up: { configFile: path } }: DoctorContext): Finding[] {
  return path !== undefined && existsSync(path)
    ? [ok('configuration', path)]
    : [skipped('config.yaml', 'there is none: variables and defaults hold')];
}

function settingsFindings(opinions: readonly ServiceOpinion[]): Finding[] {
  const wrong = opinions.flatMap(({ service, problems, failure }) => [
    ...problems.map(({ setting, message }) =>
      problem(setting, message, `${howToMend} ${service} does not start with it.`),
    ),
    ...(failure === undefined
      ? []
      : [
          warning(
            service,
            `its settings could not be checked: ${failure}`,
            'Install the dependencies with `npm start` or `npm ci`.',
          ),
        ]),
  ]);
  return wrong.length > 0
    ? wrong
    : [ok('settings', `accepted by ${opinions.map(({ service }) => service).join(', ')}`)];
}

/** Four services say the same of what all of them read. */
function dedupe(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.name} ${finding.message}`;
    if (!seen.has(key)) seen.set(key, finding);
  }
  return [...seen.values()];
}
