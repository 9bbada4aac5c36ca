import { generateApi } from '../api/scripts/generate.ts';

generateApi();
process.stdout.write('generated: api/src/generated\n');
