import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createModule, type Node, type SourceModule } from '@ibex/eslint-plugin/source-rules';
import { parseSync } from 'oxc-parser';

/**
 * Reads a file of a tree; its path is told from the root.
 * @throws {SyntaxError} with the parser's first complaint.
 */
export function readModule(root: string, path: string): SourceModule {
  const text = readFileSync(join(root, path), 'utf8');
  const { program, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new SyntaxError(error.message);
  return createModule(program as unknown as Node, { path, text });
}
