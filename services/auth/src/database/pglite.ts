import { fsyncSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type EmscriptenOptions = Awaited<ReturnType<NodeFS['init']>>['emscriptenOpts'];

/** What PGlite's file system layer passes to its operations: `nfd` is the descriptor of the file on this machine. */
interface NodeFile {
  readonly nfd: number;
}

/**
 * PGlite's directory on disk with a working fsync: its own answers without doing anything, so that a transaction it
 * acknowledged could be lost with the machine's power.
 */
class DurableNodeFS extends NodeFS {
  override async init(pglite: PGlite, options: EmscriptenOptions): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pglite, options);
    const enableFsync = (module: { NODEFS?: { stream_ops: { fsync?: (file: NodeFile) => number } } }) => {
      if (module.NODEFS === undefined)
        throw new Error('This release of PGlite has no NODEFS to add fsync to.');
      module.NODEFS.stream_ops.fsync = (file: NodeFile) => {
        fsyncSync(file.nfd);
        return 0;
      };
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), enableFsync] } };
  }
}

/**
 * The defaults turn fsync off and take 128 MB of buffers; a gateway's tokens need little. Tried: 330 MB resident with
 * the defaults, 220 MB with these.
 */
const settings = [
  'fsync=on',
  'wal_sync_method=fsync',
  'shared_buffers=1MB',
  'wal_buffers=64kB',
  'max_connections=5',
  'min_wal_size=5MB',
  'max_wal_size=16MB',
];

function startParameters(): string[] {
  const defaults = PGlite.defaultStartParams.filter((parameter) => parameter !== '-F');
  return [...defaults, ...settings.flatMap((setting) => ['-c', setting])];
}

/** Opens, or makes, the Postgres cluster in the directory. One process at a time may have it open. */
export async function openPGlite(directory: string): Promise<PGlite> {
  return PGlite.create({
    fs: new DurableNodeFS(directory),
    startParams: startParameters(),
    initDbStartParams: ['--wal-segsize=1'],
  });
}
