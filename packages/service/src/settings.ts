import { readFileSync } from 'node:fs';
import { excerpt } from '@ibex/telemetry/privacy';
import { z } from 'zod';
import { describeError } from './describe-error.ts';
import { SettingsError } from './settings-error.ts';
import { trustedProxiesSetting } from './trusted-proxies.ts';

const maximumShownLength = 200;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Building blocks for settings schemas; keys of a schema are variables as the operator writes them. */
export const settings = {
  /** A TCP port; 0 lets the system choose. */
  port: (fallback: number) =>
    z.coerce.number().int().min(0).max(65_535).default(fallback).meta({ rule: 'a port between 0 and 65535' }),
  optionalPort: () =>
    z.coerce.number().int().min(0).max(65_535).optional().meta({ rule: 'a port between 0 and 65535' }),
  text: (fallback: string) => z.string().default(fallback),
  optionalText: () => z.string().optional(),
  /** A text that must not be shown in errors. */
  secret: ({ minimumLength = 1 } = {}) => z.string().min(minimumLength).meta({ secret: true }),
  optionalSecret: () => z.string().min(1).optional().meta({ secret: true }),
  milliseconds: (fallback: number) => z.coerce.number().int().min(0).max(86_400_000).default(fallback),
  optionalMilliseconds: () => z.coerce.number().int().min(0).max(86_400_000).optional(),
  integer: (fallback: number, { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = {}) =>
    z.coerce.number().int().min(minimum).max(maximum).default(fallback),
  boolean: (fallback: boolean) =>
    z
      .enum(['true', 'false'])
      .transform((value) => value === 'true')
      .default(fallback),
  choice: <const Choice extends string>(choices: readonly [Choice, ...Choice[]], fallback: NoInfer<Choice>) =>
    z
      .enum(choices)
      .default(fallback as never)
      .meta({ rule: `one of ${choices.join(', ')}` }),
  url: (fallback: string) => z.url().default(fallback),
  optionalUrl: () => z.url().optional(),
};

/** What every service reads. */
export const commonSettings = {
  IBEX_HOST: settings.text('127.0.0.1'),
  IBEX_CONFIG: settings.optionalText(),
  /** Who may say in `X-Forwarded-For` for whom they ask; without it the address of the connection counts. */
  IBEX_TRUSTED_PROXIES: trustedProxiesSetting(),
  IBEX_STOP_TIMEOUT_MS: settings.milliseconds(4_000),
  IBEX_STOP_ON_STDIN_END: settings.boolean(false),
};

/**
 * Reads settings from variables. An empty variable counts as unset; `KEY_FILE` names a file that holds the value of
 * `KEY`, for secrets.
 * @throws {SettingsError} naming the variable, the rule, and the value unless it is secret.
 */
export function readSettings<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  environment: Environment = process.env,
): z.output<z.ZodObject<Shape>> {
  const judged = judgeSettings(schema, environment);
  if ('settings' in judged) return judged.settings;
  throw judged.problems[0];
}

/** The settings, or everything that is wrong with them, one problem for a variable. */
export function judgeSettings<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  environment: Environment,
): { settings: z.output<z.ZodObject<Shape>> } | { problems: SettingsError[] } {
  const values: Record<string, string> = {};
  const problems = new Map<string, SettingsError>();
  for (const key of Object.keys(schema.shape)) {
    try {
      const value = readVariable(key, environment);
      if (value !== undefined) values[key] = value;
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      problems.set(key, error);
    }
  }
  const result = schema.safeParse(values);
  if (result.success && problems.size === 0) return { settings: result.data };
  for (const issue of result.error?.issues ?? []) {
    const key = String(issue.path[0]);
    if (problems.has(key)) continue;
    problems.set(key, new SettingsError(key, describe(key, { value: values[key], issue, schema })));
  }
  return { problems: [...problems.values()] };
}

function readVariable(key: string, environment: Environment): string | undefined {
  const value = environment[key]?.trim();
  if (value !== undefined && value !== '') return value;
  const file = environment[`${key}_FILE`]?.trim();
  if (file === undefined || file === '') return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const reason = describeError(error);
    throw new SettingsError(`${key}_FILE`, `${key}_FILE must name a readable file: ${reason}`);
  }
}

function describe(
  key: string,
  {
    value,
    issue,
    schema,
  }: { value: string | undefined; issue: z.core.$ZodIssue | undefined; schema: z.ZodObject },
): string {
  if (value === undefined)
    return `${key} must be set: it is missing. Set it, or name a file that holds it in ${key}_FILE.`;
  const field = schema.shape[key] as z.ZodType | undefined;
  const { secret, rule } = field?.meta() ?? {};
  // What has an @ may be a URL with a password in it.
  const shown =
    secret === true || value.includes('@')
      ? '(not shown)'
      : JSON.stringify(excerpt(value, maximumShownLength));
  return `${key} must be ${rule ?? ruleOf(issue)}: it is ${shown}`;
}

/** The rule an issue is about, as the second half of "must be …". */
function ruleOf(issue: z.core.$ZodIssue | undefined): string {
  switch (issue?.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'a whole number' : `a ${issue.expected}`;
    case 'too_small':
      return issue.origin === 'string'
        ? `at least ${issue.minimum} characters long`
        : `${issue.minimum} or more`;
    case 'too_big':
      return issue.origin === 'string'
        ? `at most ${issue.maximum} characters long`
        : `${issue.maximum} or less`;
    case 'invalid_value':
      return `one of ${issue.values.join(', ')}`;
    case 'invalid_format':
      return issue.format === 'url' ? 'a URL' : `a valid ${issue.format}`;
    default:
      return issue?.message ?? 'valid';
  }
}
