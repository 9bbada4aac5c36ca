import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allowedImports, confinedPackages, testSupport } from './arrows.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const importPattern =
  /(?:^|[\s;])(?:import|export)\s(?:[^'";]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;
const areas = Object.keys(allowedImports).toSorted((one, other) => other.length - one.length);

/** An import that the table does not allow. */
export interface WrongArrow {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

function areaOf(path: string): string | undefined {
  return areas.find((area) => path === area || path.startsWith(`${area}/`));
}

/** Package names of the workspace, with the area each lives in. */
function readPackages(): Map<string, string> {
  return new Map(
    areas.flatMap((area) => {
      try {
        return [
          [JSON.parse(readFileSync(join(root, area, 'package.json'), 'utf8')).name as string, area] as const,
        ];
      } catch {
        return [];
      }
    }),
  );
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function judge(
  specifier: string,
  { file, area, packages }: { file: string; area: string; packages: ReadonlyMap<string, string> },
): string | undefined {
  const isTest = /\.test\.tsx?$|\/testing\/|\/support\//.test(file);
  const target = specifier.startsWith('.')
    ? areaOf(relative(root, join(root, dirname(file), specifier)))
    : packages.get(packageName(specifier));
  if (target !== undefined && target !== area) {
    if (allowedImports[area]?.includes(target) || (isTest && target === testSupport)) return undefined;
    return `${area} must not import ${target} ("${specifier}"). Allowed: ${allowedImports[area]?.join(', ') || 'nothing'}.`;
  }
  const confined = confinedPackages.find(({ pattern }) => pattern.test(packageName(specifier)));
  if (
    confined === undefined ||
    confined.area === area ||
    isTest ||
    area === 'tests' ||
    area === 'benchmarks' ||
    area === 'examples'
  )
    return undefined;
  return `only ${confined.area} may import "${specifier}".`;
}

/** Holds every import of the tree against the table. */
export function findWrongArrows(): WrongArrow[] {
  const packages = readPackages();
  const files = areas
    .flatMap((area) => globSync(`${area}/**/*.{ts,tsx}`, { cwd: root }))
    .filter((file) => !/node_modules|\/generated\/|\/dist\//.test(file));
  return [...new Set(files)].flatMap((file) => {
    const area = areaOf(file);
    if (area === undefined) return [];
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(importPattern)].flatMap((match) => {
      const message = judge(match[1] ?? match[2] ?? '', { file, area, packages });
      const line = text.slice(0, match.index + 1).split('\n').length;
      return message === undefined ? [] : [{ file, line, message }];
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wrong = findWrongArrows();
  for (const { file, line, message } of wrong) process.stderr.write(`${file}:${line}: ${message}\n`);
  process.stdout.write(
    wrong.length === 0 ? 'arrows: all point the right way\n' : `arrows: ${wrong.length} wrong\n`,
  );
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
