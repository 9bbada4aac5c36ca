import { globSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { UserError } from '../../user-error.ts';
import type { Dependent } from './model.ts';

/** A text that may use something of the contract, and who it belongs to. */
export interface Use {
  readonly text: string;
  readonly dependent: Dependent;
}

const mostFiles = 5_000;
const longestFileBytes = 4 * 1024 * 1024;

/**
 * Reads what may rely on a contract: panels of Grafana dashboards, Prometheus rules, and the lines of all other files.
 * @throws {UserError} when a directory is none.
 */
export function findUses(directories: readonly string[], from: string): Use[] {
  return directories.flatMap((directory) => {
    const root = join(from, directory);
    if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new UserError(`--used-by must name a directory: ${directory} is none.`);
    }
    const files = globSync('**/*.{json,yml,yaml,ts,tsx,js,mjs,py,go,sh,md,promql}', {
      cwd: root,
      exclude: (name) => /^(node_modules|dist|generated|reference)$|\.test\./.test(name),
    });
    return files
      .toSorted()
      .slice(0, mostFiles)
      .flatMap((file) => usesIn(join(root, file), from));
  });
}

function usesIn(path: string, from: string): Use[] {
  const { size } = statSync(path);
  if (size > longestFileBytes) return [];
  const text = readFileSync(path, 'utf8');
  const file = relative(from, path);
  const special = file.endsWith('.json')
    ? panelsOf(text, file)
    : /\.ya?ml$/.test(file)
      ? rulesOf(text, file)
      : [];
  return special.length > 0 ? special : linesOf(text, file);
}

function linesOf(text: string, file: string): Use[] {
  return text.split('\n').map((line, index) => {
    return { text: line, dependent: { kind: 'consumer', name: file, at: `${file}:${index + 1}` } };
  });
}

type Table = Readonly<Record<string, unknown>>;

function tableOf(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {};
}

function listOf(value: unknown): Table[] {
  return Array.isArray(value) ? value.map(tableOf) : [];
}

/** The panels of a Grafana dashboard, rows opened. */
function panelsOf(text: string, file: string): Use[] {
  const { title, panels, templating } = tableOf(parseJson(text));
  if (!Array.isArray(panels)) return [];
  const flat = listOf(panels).flatMap((panel) => [{ ...panel, panels: [] }, ...listOf(panel.panels)]);
  const uses = flat.map((panel) => useOf(panel, `${String(title)} › ${String(panel.title)}`));
  return [...uses, useOf(tableOf(templating), `${String(title)} › variables`)];

  function useOf(part: Table, name: string): Use {
    // The texts as a person wrote them: quotes of a query are escaped in JSON.
    const text = JSON.stringify(part).replaceAll('\\"', '"');
    return { text, dependent: { kind: 'dashboard', name, at: file } };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The rules of a Prometheus rule file. */
function rulesOf(text: string, file: string): Use[] {
  const documents = parseAllDocuments(text).map((document) => tableOf(document.toJS({ maxAliasCount: 100 })));
  return documents
    .flatMap(({ groups, spec }) => listOf(groups ?? tableOf(spec).groups))
    .flatMap(({ rules }) => listOf(rules))
    .flatMap(({ alert, record, expr }) => {
      const name = String(alert ?? record);
      const kind = alert === undefined ? 'recording rule' : 'alert';
      return [
        { text: String(expr), dependent: { kind, name, at: `${file}:${lineOf(text, name)}` } } as const,
      ];
    });
}

function lineOf(text: string, name: string): number {
  return text.slice(0, Math.max(text.indexOf(name), 0)).split('\n').length;
}
