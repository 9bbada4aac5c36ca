import { readFileSync, statSync } from 'node:fs';
import { excerpt, redactText } from '@ibex/telemetry/privacy';
import { describeError } from './describe-error.ts';
import { SettingsError } from './settings-error.ts';

const maximumBytes = 1024 * 1024;
const maximumAliases = 50;
const maximumShownLength = 100;

/** What the services read of the file that they share. */
const sections = ['observability', 'providers', 'routing', 'routes', 'streaming', 'prices'];
/** For what only anchors point at. */
const ownPrefix = 'x-';

/**
 * Reads a `config.yaml`: a table of the sections there are, at most 1 MiB, without aliases that blow it up.
 * @throws {SettingsError} naming the file and what is wrong with it, or the section that there is not.
 */
export async function readConfigFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  const value = (await parse(path, readText(path))) ?? {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    const kind = Array.isArray(value) ? 'a list' : `a ${typeof value}`;
    throw new SettingsError('IBEX_CONFIG', `${path} must be a table of settings: it is ${kind}`);
  }
  checkSections(value);
  return value as Record<string, unknown>;
}

/** A misspelt section would be left out without a word: a table of prices, for one, and with it every budget. */
function checkSections(config: object): void {
  const unknown = Object.keys(config).find((key) => !sections.includes(key) && !key.startsWith(ownPrefix));
  if (unknown === undefined) return;
  const name = excerpt(redactText(unknown), maximumShownLength);
  throw new SettingsError(
    name,
    `${name} in config.yaml is no section: it must be one of ${sections.join(', ')}, or begin with ${ownPrefix} to be left alone.`,
  );
}

async function parse(path: string, text: string): Promise<unknown> {
  // Loaded only where there is a file: it takes 25 ms and 2 MB.
  const { parseDocument } = await import('yaml');
  try {
    const document = parseDocument(text, { prettyErrors: true });
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS({ maxAliasCount: maximumAliases });
  } catch (error) {
    // The lines that follow quote the file, which may hold secrets.
    const reason = describeError(error).split('\n', 1)[0]?.replace(/:$/, '');
    throw new SettingsError('IBEX_CONFIG', `${path} is not valid YAML: ${reason}`);
  }
}

function readText(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > maximumBytes) throw new Error(`${path} has ${size} bytes, more than ${maximumBytes}`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SettingsError('IBEX_CONFIG', `IBEX_CONFIG must name a readable file: ${describeError(error)}`);
  }
}
