import { ConfigError } from '@ibex/telemetry';
import { z } from 'zod';
import { readConfigFile } from './config-file.ts';
import type { ServiceDefinition, SettingsOf } from './run-service.ts';
import { commonSettings, type Environment, judgeSettings } from './settings.ts';
import { SettingsError } from './settings-error.ts';

/** What a service thinks of its settings, as it writes it on standard output when it is asked. */
export interface SettingsCheck {
  readonly service: string;
  /** Every variable it reads, besides those of telemetry. */
  readonly variables: readonly string[];
  readonly problems: readonly { readonly setting: string; readonly message: string }[];
}

const switchName = 'IBEX_CHECK_SETTINGS';

/** True when the process is asked for its opinion of the settings instead of a start. */
export function checksSettings(environment: Environment): boolean {
  return environment[switchName] === 'true';
}

/** Writes the check as one line of JSON; exit code 1 when something is wrong. */
export async function answerSettingsCheck<Shape extends z.ZodRawShape>(
  definition: ServiceDefinition<Shape>,
  environment: Environment,
): Promise<void> {
  const check = await checkSettings(definition, environment);
  process.stdout.write(`${JSON.stringify(check)}\n`);
  process.exitCode = check.problems.length === 0 ? 0 : 1;
}

async function checkSettings<Shape extends z.ZodRawShape>(
  definition: ServiceDefinition<Shape>,
  environment: Environment,
): Promise<SettingsCheck> {
  const schema = z.object({ ...commonSettings, ...definition.settings });
  const judged = judgeSettings(schema, environment);
  const problems =
    'problems' in judged
      ? judged.problems
      : await problemsOfConfig(definition, { settings: judged.settings as SettingsOf<Shape>, environment });
  return {
    service: definition.service,
    variables: [...Object.keys(schema.shape), switchName],
    problems: problems.map(({ setting, message }) => ({ setting, message })),
  };
}

/** The configuration file, and the label values that come from it. */
async function problemsOfConfig<Shape extends z.ZodRawShape>(
  { configured }: ServiceDefinition<Shape>,
  { settings, environment }: { settings: SettingsOf<Shape>; environment: Environment },
): Promise<{ setting: string; message: string }[]> {
  try {
    const config = settings.IBEX_CONFIG === undefined ? {} : await readConfigFile(settings.IBEX_CONFIG);
    configured?.({ settings, environment, config });
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return [error];
    if (error instanceof ConfigError) return [{ setting: error.field, message: error.message }];
    throw error;
  }
}
