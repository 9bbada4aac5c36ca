// Runs a script of the project under the Node it was made for, installing what is missing first.
// Plain JavaScript for any Node from 18 on: it is the one file that runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nodeDirectory = join(root, 'scripts', 'node');
const requiredMajor = 24;
const stampFile = join(root, 'node_modules', '.ibex-installed');

function fail(message) {
  process.stderr.write(`ibex: ${message}\n`);
  process.exit(1);
}

/** What an installation is made from: equal hashes need no second one. */
function installationHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function installed() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === installationHash();
}

/** `npm ci` in a folder, run by the given Node: npm resolves and checks a lock file by the Node it runs under. */
function npmCi(directory, binary) {
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: directory,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: [dirname(binary), process.env.PATH].join(delimiter) },
  });
  if (result.status !== 0)
    fail(`\`npm ci\` failed in ${directory}; its output is above. Mend that and run the command again.`);
}

/** The Node binary npm brought for this platform; undefined when it is not installed or not published. */
function broughtNode() {
  const require = createRequire(join(nodeDirectory, 'package.json'));
  for (const prefix of ['node', 'node-bin']) {
    const platform = process.platform === 'win32' ? 'win' : process.platform;
    try {
      const manifest = require.resolve(`${prefix}-${platform}-${process.arch}/package.json`);
      return join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.node);
    } catch {
      // Not published for this platform under that name.
    }
  }
}

/** The running Node when it is new enough, else the one npm has for this platform, installed on first use. */
function nodeBinary() {
  if (Number(process.versions.node.split('.')[0]) >= requiredMajor) return process.execPath;
  if (broughtNode() === undefined) {
    process.stderr.write(`This is Node ${process.version}; bringing Node ${requiredMajor} through npm …\n`);
    npmCi(nodeDirectory, process.execPath);
  }
  return (
    broughtNode() ??
    fail(
      `npm has no Node ${requiredMajor} for ${process.platform}-${process.arch} and this is ${process.version}. ` +
        `Install Node ${requiredMajor} or newer and try again.`,
    )
  );
}

function install(binary) {
  process.stderr.write('Installing dependencies (first start, or the lock file changed) …\n');
  const startedAt = Date.now();
  npmCi(root, binary);
  writeFileSync(stampFile, installationHash());
  process.stderr.write(`Installed in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.\n`);
}

const [script, ...args] = process.argv.slice(2);
const binary = nodeBinary();
if (!installed()) install(binary);
const child = spawn(binary, ['--disable-warning=ExperimentalWarning', join(root, script), ...args], {
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: [dirname(binary), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
    NODE_COMPILE_CACHE:
      process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'node-compile'),
  },
});
// A terminal sends Ctrl-C to the whole group; a process manager sends its signal to this process alone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (!process.stdin.isTTY || signal !== 'SIGINT') child.kill(signal);
  });
}
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
