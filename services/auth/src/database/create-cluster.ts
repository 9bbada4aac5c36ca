// Makes an empty cluster in the directory given as the only argument and ends: making one takes 600 MB once,
// which a service that goes on running would keep.
import '../small-memory.ts';
import { openPGlite } from './pglite.ts';

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('Usage: create-cluster.ts <directory>');
const database = await openPGlite(directory);
await database.close();
process.exit(0);
