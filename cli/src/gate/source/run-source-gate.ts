import { globSync, statSync } from 'node:fs';
import { matchesGlob, resolve } from 'node:path';
import {
  confinedImports,
  consumers,
  output,
  type SourceModule,
  servers,
} from '@ibex/eslint-plugin/source-rules';
import { errorText, UserError } from '../../user-error.ts';
import { Findings } from '../findings.ts';
import type { GateReport } from '../model.ts';
import { configFileName, readSourceConfig, type SourceConfig } from './config.ts';
import { placeAt, type Report, reporterFor, type SourceContext } from './context.ts';
import { readModule } from './read-module.ts';
import { binaries } from './rules/binaries.ts';
import { wiring } from './rules/wiring.ts';

export interface SourceGateOptions {
  /** The root of the tree. */
  readonly directory: string;
  readonly configFile: string | undefined;
  /** What relative names are told from. */
  readonly from: string;
}

const fileRules = [confinedImports, servers, consumers, output];
const mostFiles = 20_000;

/** Holds a source tree against the rules. */
export async function runSourceGate({ directory, configFile, from }: SourceGateOptions): Promise<GateReport> {
  const startedAt = performance.now();
  const root = resolve(from, directory);
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UserError(`${directory} must be a directory: it is not.`);
  }
  const config = readSourceConfig(root, configFile, from);
  const findings = new Findings('source', directory);
  const { report, unused } = withExceptions(config, reporterFor(findings));
  const context: SourceContext = { config, report };
  const files = filesOf(root, config);
  const modules = readModules(root, files.all, report);
  for (const path of files.sources) {
    const module = modules.get(path);
    if (module !== undefined) checkModule(module, context);
  }
  binaries(files.binaries, modules, context);
  wiring(root, files.wiring, context);
  reportUnused(unused(), findings);
  const checked = `${files.sources.length} files, ${files.binaries.length} binaries`;
  const notes = files.wiring.length === 0 ? ['no file with variables of processes was named (wiring)'] : [];
  return {
    inspections: [{ subject: 'source', where: directory, findings: findings.list, checked, notes }],
    durationMs: performance.now() - startedAt,
  };
}

function checkModule(module: SourceModule, { config, report }: SourceContext): void {
  for (const rule of fileRules) {
    rule(module, {
      names: config,
      report: (id, offset, message) => report(id, placeAt(module, offset), message),
    });
  }
}

interface Files {
  readonly sources: readonly string[];
  readonly binaries: readonly string[];
  readonly wiring: readonly string[];
  /** Sources, binaries, and the telemetry they may reach. */
  readonly all: readonly string[];
}

function filesOf(root: string, config: SourceConfig): Files {
  const find = (patterns: readonly string[]) =>
    globSync([...patterns], { cwd: root, exclude: [...config.ignore] })
      .map((path) => path.replaceAll('\\', '/'))
      .toSorted();
  const isTelemetry = (path: string) => config.telemetry.some((pattern) => matchesGlob(path, pattern));
  const sources = find(config.sources).filter((path) => !isTelemetry(path));
  const entries = find(config.binaries);
  const all = [...new Set([...sources, ...entries])];
  if (all.length > mostFiles) {
    throw new UserError(
      `The tree has ${all.length} sources, more than ${mostFiles}: narrow sources in ${configFileName}.`,
    );
  }
  return { sources, binaries: entries, wiring: wiringFiles(root, config), all };
}

/** A pattern that matches nothing is a file that has moved. */
function wiringFiles(root: string, { wiring: patterns }: SourceConfig): string[] {
  return patterns.flatMap((pattern) => {
    const found = globSync(pattern, { cwd: root });
    if (found.length === 0)
      throw new UserError(`${configFileName}: wiring names ${pattern}, and there is no such file.`);
    return found;
  });
}

function readModules(root: string, paths: readonly string[], report: Report): Map<string, SourceModule> {
  const modules = new Map<string, SourceModule>();
  for (const path of paths) {
    try {
      modules.set(path, readModule(root, path));
    } catch (error) {
      report('parses', { file: path, line: 1, code: '' }, `it cannot be read: ${errorText(error)}.`);
    }
  }
  return modules;
}

/** A report that leaves out what is declared as an exception, and tells which exceptions were not needed. */
function withExceptions(
  { exceptions }: SourceConfig,
  report: Report,
): { report: Report; unused: () => readonly { rule: string; file: string }[] } {
  const used = new Set<object>();
  return {
    report: (rule, place, message) => {
      const hits = exceptions.filter(
        (exception) => exception.rule === rule && matchesGlob(place.file, exception.file),
      );
      for (const hit of hits) used.add(hit);
      if (hits.length === 0) report(rule, place, message);
    },
    unused: () => exceptions.filter((exception) => !used.has(exception)),
  };
}

function reportUnused(unused: readonly { rule: string; file: string }[], findings: Findings<'source'>): void {
  for (const { rule, file } of unused) {
    const message = `nothing in ${file} breaks ${rule} any more: take the exception out of ${configFileName}.`;
    findings.add('exception-used', configFileName, { value: `${rule} ${file}`, message });
  }
}
