import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ibexContract, worstCaseSeries } from '@ibex/contract';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const wrongContract = fileURLToPath(new URL('../gate/testing/wrong-contract.ts', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'ibex-contract-'));
after(() => rmSync(directory, { recursive: true }));

function ibex(args: readonly string[], input = '') {
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, 'contract', ...args], {
    encoding: 'utf8',
    cwd: directory,
    env: { PATH: process.env.PATH, NO_COLOR: '1', LANG: 'C' },
    input,
    maxBuffer: 64 * 1024 * 1024,
  });
}

const { stdout: json } = ibex(['json']);

test('the JSON has everything that was declared, the probes, and the worst case of each metric', () => {
  const { format, derived, probes, ...declared } = JSON.parse(json);
  assert.equal(format, 1);
  assert.deepEqual(declared, ibexContract);
  assert.equal(probes.proxy[0].path, '/healthz');
  const worst = worstCaseSeries(ibexContract.metrics.http_requests_total, 'proxy');
  assert.equal(derived.worstCaseSeries.http_requests_total.proxy, worst);
});

test('the JSON has its keys in order, so that equal contracts give equal text', () => {
  const metrics = Object.keys(JSON.parse(json).metrics);
  assert.deepEqual(metrics, metrics.toSorted());
});

test('the reference page names every metric, span, field, objective and key', () => {
  const { stdout, status } = ibex(['docs']);
  assert.equal(status, 0);
  for (const metric of Object.keys(ibexContract.metrics))
    assert.match(stdout, new RegExp(`^### ${metric}$`, 'm'));
  for (const span of Object.keys(ibexContract.spans)) assert.match(stdout, new RegExp(`^### ${span}$`, 'm'));
  const rest = [...Object.keys(ibexContract.logFields), ...Object.keys(ibexContract.slos)];
  for (const name of [...rest, ...ibexContract.sensitiveKeys, ...ibexContract.auditMetadataKeys]) {
    assert.ok(stdout.includes(`\`${name}\``), name);
  }
  assert.match(stdout, /\| `public_api_p95` \| Public API \| 95 % within 0\.3 s, evaluated at 0\.25 s \|/);
});

test("a contract of one's own goes to a file", () => {
  const { status, stdout } = ibex(['docs', '--contract', wrongContract, '--output', 'own.md']);
  assert.equal(status, 0);
  assert.equal(stdout, '');
  assert.match(readFileSync(join(directory, 'own.md'), 'utf8'), /^### shop_orders_total$/m);
});

test('nothing differs from the module by way of its own JSON', () => {
  writeFileSync(join(directory, 'now.json'), json);
  const module = fileURLToPath(import.meta.resolve('@ibex/contract'));
  const { status, stdout } = ibex(['diff', 'now.json', module]);
  assert.equal(status, 0);
  assert.equal(stdout, 'no differences\n');
});

test('a breaking change is exit code 1, also when the old contract comes by standard input', () => {
  const changed = JSON.parse(json);
  delete changed.metrics.ibex_auth_validate_token_duration_seconds;
  changed.retention.auditDays = 400;
  writeFileSync(join(directory, 'changed.json'), JSON.stringify(changed));
  const { status, stdout } = ibex(['diff', '-', 'changed.json'], json);
  assert.equal(status, 1);
  assert.equal(
    stdout,
    `x breaking    metrics.ibex_auth_validate_token_duration_seconds  removed: every query of it comes back empty.
               breaks objective authorization_p95
               breaks objective authorization_p99
ok compatible  retention.auditDays  lengthened from 365 to 400 days.

1 breaking, 1 compatible
`,
  );
});

const misuses: readonly (readonly [readonly string[], number, RegExp])[] = [
  [[], 2, /^ibex: what to do is missing\.\n\nUsage: ibex contract/],
  [['print'], 2, /there is no `ibex contract print`/],
  [['diff', 'now.json'], 2, /OLD and NEW are needed/],
  [['diff', '-', '-'], 2, /only one of OLD and NEW can be standard input/],
  [['diff', 'a', 'b', '--output', 'c'], 2, /`ibex contract diff` takes no argument "--output"/],
  [['json', 'x'], 2, /`ibex contract json` takes no argument "x"/],
  [['diff', 'none.json', 'none.json'], 1, /^ibex: none\.json must be readable: ENOENT/],
  [['diff', 'now.json', 'now.json', '--used-by', 'none'], 1, /--used-by must name a directory: none is none/],
  [['json', '--contract', 'own.md'], 1, /^ibex: own\.md must be a module/],
];
for (const [args, code, expected] of misuses) {
  test(`ibex contract ${args.join(' ')} exits with ${code}`, () => {
    const { status, stderr } = ibex(args);
    assert.match(stderr, expected);
    assert.equal(status, code);
  });
}
