import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderContractDocs } from '../cli/src/contract/docs/render-docs.ts';
import { shippedContract } from '../cli/src/contract/load.ts';
import { renderContractJson } from '../cli/src/contract/render-json.ts';

/** Where the contract's reference goes, from the root. */
export const contractReference = 'docs/reference';

/** Writes the contract as a reference page and as JSON. */
export function generateContract(root: string): void {
  const directory = join(root, contractReference);
  const loaded = shippedContract();
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'contract.md'), renderContractDocs(loaded.contract));
  writeFileSync(join(directory, 'contract.json'), renderContractJson(loaded));
}
