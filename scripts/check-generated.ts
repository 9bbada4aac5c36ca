import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateApi } from '../api/scripts/generate.ts';
import { contractReference, generateContract } from './generate-contract.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

function snapshot(): Map<string, string> {
  const files = globSync(['api/src/generated/**/*.ts', `${contractReference}/contract.*`], { cwd: root });
  return new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}

const before = snapshot();
generateApi();
generateContract(root);
const after = snapshot();
const drifted = [...new Set([...before.keys(), ...after.keys()])].filter(
  (file) => before.get(file) !== after.get(file),
);
for (const file of drifted)
  process.stderr.write(`${file} is not what its source says; it was written anew. Commit it.\n`);
process.stdout.write(
  drifted.length === 0 ? 'generated: all current\n' : `generated: ${drifted.length} drifted\n`,
);
process.exitCode = drifted.length === 0 ? 0 : 1;
