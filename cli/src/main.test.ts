import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

function ibex(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...environment },
  });
}

test('ibex --help lists the commands', () => {
  const { status, stdout } = ibex(['--help']);
  assert.equal(status, 0);
  assert.match(stdout, /^Usage: ibex <command>[\s\S]*\n {2}up /);
});

test('ibex up --help lists the variables', () => {
  const { status, stdout } = ibex(['up', '--help']);
  assert.equal(status, 0);
  assert.match(stdout, /IBEX_COLLECTOR_OTLP_GRPC_PORT .* 4317\n/);
});

test('ibex --version is the version', () => {
  const { status, stdout } = ibex(['--version']);
  assert.equal(status, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

const misuses: readonly (readonly [readonly string[], RegExp])[] = [
  [[], /^ibex: a command is missing\.\n\nUsage: ibex <command>/],
  [['upp'], /^ibex: there is no command "upp"\.\n\nUsage: ibex <command>/],
  [['up', '--fast'], /^ibex: `ibex up` takes no argument "--fast"\.\n\nUsage: ibex up/],
];
for (const [args, expected] of misuses) {
  test(`ibex ${args.join(' ')} shows the help and exits with 2`, () => {
    const { status, stderr } = ibex(args);
    assert.equal(status, 2);
    assert.match(stderr, expected);
  });
}

test('a bad setting is one line and exit code 1', () => {
  const { status, stderr, stdout } = ibex(['up'], { IBEX_CONSOLE_PORT: 'eighty' });
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.equal(
    stderr,
    'ibex: IBEX_CONSOLE_PORT must be an integer between 1 and 65535: it is "eighty". Set it or leave it out for 8090.\n',
  );
});

test('a data directory that cannot be made is one line and exit code 1', () => {
  const { status, stderr } = ibex(['up'], { IBEX_DATA_DIR: `${main}/data` });
  assert.equal(status, 1);
  assert.match(stderr, /^ibex: The data directory .* cannot be made: .*IBEX_DATA_DIR.*\n$/);
});
