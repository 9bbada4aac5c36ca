import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { MetricContext } from './context.ts';

const timeoutMs = 30_000;
/** Rules of our own that say what a line of promtool says. */
const sameRule: Readonly<Record<string, RegExp>> = {
  'reserved-suffix': /should not have "_(count|sum|bucket)" suffix/,
  'counter-suffix': /"_total" suffix/,
  'base-unit': /use base unit|abbreviated unit/,
  'metric-name': /metric type|camelCase|should not contain/,
};

/** Where promtool is installed; undefined when it is not. */
export function findPromtool(environment: NodeJS.ProcessEnv): string | undefined {
  const directories = (environment.PATH ?? '').split(delimiter).filter((directory) => directory !== '');
  return directories.map((directory) => join(directory, 'promtool')).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Holds an exposition in text format 0.0.4 against `promtool check metrics`, but for declared exceptions. */
export function checkWithPromtool(program: string, text: string, context: MetricContext): void {
  const { status, stderr, stdout, error } = spawnSync(program, ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
    timeout: timeoutMs,
  });
  if (error !== undefined) throw error;
  if (status === 0) return;
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== '');
  for (const line of lines) {
    const [, name = 'promtool', message = line] =
      /^(?!error while )([a-zA-Z_:][\w:]*) (.+)$/.exec(line) ?? [];
    if (isException(name, message, context)) continue;
    context.findings.add('promtool', name, { message: `${message}.`, contract: context.locate(name) });
  }
}

function isException(name: string, message: string, { contract }: MetricContext): boolean {
  const exceptions = Object.keys(contract.metrics[name]?.lintExceptions ?? {});
  return exceptions.some((rule) => sameRule[rule]?.test(message) === true);
}
