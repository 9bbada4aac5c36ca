import { fileURLToPath } from 'node:url';
import { generateApi } from '../api/scripts/generate.ts';
import { contractReference, generateContract } from './generate-contract.ts';

generateApi();
generateContract(fileURLToPath(new URL('..', import.meta.url)));
process.stdout.write(`generated: api/src/generated, ${contractReference}\n`);
