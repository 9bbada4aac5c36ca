import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { collectFacts, type Facts } from './calls.ts';

/** A name a module imports. */
export interface Imported {
  readonly local: string;
  /** Its name over there; `default`, or `*` for all of it. Empty for an import that only runs the module. */
  readonly name: string;
  readonly from: string;
  readonly isType: boolean;
  readonly start: number;
}

/** One source file, read. */
export interface SourceModule {
  /** From the root of the tree. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Imported[];
  readonly facts: Facts;
  lineOf(offset: number): number;
}

/**
 * Reads a file.
 * @throws {SyntaxError} with the parser's first complaint.
 */
export function readModule(root: string, path: string): SourceModule {
  const text = readFileSync(join(root, path), 'utf8');
  const { program, module, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new SyntaxError(error.message);
  let facts: Facts | undefined;
  return {
    path,
    text,
    imports: [...staticImports(module), ...reExports(module), ...dynamicImports(module, text)],
    // Most rules need only the imports; the tree is built for those that need more.
    get facts() {
      facts ??= collectFacts(program);
      return facts;
    },
    lineOf: (offset) => text.slice(0, offset).split('\n').length,
  };
}

type Module = ReturnType<typeof parseSync>['module'];

function staticImports({ staticImports: all }: Module): Imported[] {
  return all.flatMap(({ moduleRequest, entries, start }) => {
    const from = moduleRequest.value;
    if (entries.length === 0) return [{ local: '', name: '', from, isType: false, start }];
    return entries.map(({ importName, localName, isType }) => {
      const name =
        importName.kind === 'Name'
          ? (importName.name ?? '')
          : importName.kind === 'Default'
            ? 'default'
            : '*';
      return { local: localName.value, name, from, isType, start };
    });
  });
}

function reExports({ staticExports }: Module): Imported[] {
  return staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType, start }) =>
      moduleRequest === null ? [] : [{ local: '', name: '*', from: moduleRequest.value, isType, start }],
    ),
  );
}

function dynamicImports({ dynamicImports: all }: Module, text: string): Imported[] {
  return all.flatMap(({ moduleRequest, start }) => {
    const literal = /^['"`]([^'"`$]+)['"`]$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    return literal === null ? [] : [{ local: '', name: '*', from: literal[1] ?? '', isType: false, start }];
  });
}
