import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePorts } from './fleet/free-ports.ts';
import { planServices } from './fleet/plan-services.ts';
import { startFleet } from './fleet/start-fleet.ts';
import { findPromtool } from './metrics/promtool.ts';
import type { Finding } from './model.ts';
import { rules } from './rules.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const root = fileURLToPath(new URL('../../..', import.meta.url));
const wrongContract = 'cli/src/gate/testing/wrong-contract.ts';

interface GateJson {
  readonly findings: readonly Finding[];
  readonly inspections: readonly { subject: string; where: string; checked: string; findings: number }[];
}

/** Runs `ibex gate` as a process; resolves with its exit code and output. */
async function gate(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, 'gate', ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output, errors };
}

function parse({ output, errors }: { output: string; errors: string }): GateJson {
  assert.equal(errors, '');
  return JSON.parse(output) as GateJson;
}

test('proxy and auth hold the contract in metrics, traces and logs', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-gate-test-'));
  const junit = join(directory, 'gate.xml');
  const result = await gate(['metrics', 'traces', 'logs', '--start', 'proxy', '--json', '--junit', junit]);
  const report = parse(result);
  assert.deepEqual(report.findings, []);
  assert.equal(result.code, 0);
  assert.deepEqual(
    report.inspections.map(({ subject, where }) => `${subject} ${where}`).toSorted(),
    ['logs', 'metrics', 'probes', 'traces'].flatMap((subject) => [`${subject} auth`, `${subject} proxy`]),
  );
  for (const { subject, where, checked } of report.inspections) {
    assert.match(checked, /[1-9]/, `${subject} of ${where} looked at nothing`);
  }
  assert.match(readFileSync(junit, 'utf8'), /<testsuites name="ibex gate" tests="\d+" failures="0"/);
  rmSync(directory, { recursive: true });
});

test('collector and console hold the contract', async () => {
  const result = await gate(['metrics', 'traces', 'logs', '--start', 'collector,console', '--json']);
  assert.deepEqual(parse(result).findings, []);
  assert.equal(result.code, 0);
});

test('a service that breaks every rule is told every rule, with the line of the contract', async () => {
  const [port] = await freePorts(1);
  const target = ['--start', 'cli/src/gate/testing/wrong-service.ts', '--service', 'shop'];
  const args = [...target, '--url', `http://127.0.0.1:${port}`, '--contract', wrongContract];
  const result = await gate(['metrics', 'traces', 'logs', ...args, '--json'], { SHOP_PORT: String(port) });
  const { findings } = parse(result);
  assert.equal(result.code, 1);
  for (const subject of ['probes', 'metrics', 'traces', 'logs'] as const) {
    const broken = new Set(findings.filter((finding) => finding.subject === subject).map(({ rule }) => rule));
    const expected = Object.keys(rules[subject]).filter(
      (rule) => rule !== 'promtool' || findPromtool(process.env) !== undefined,
    );
    assert.deepEqual([...broken].toSorted(), expected.toSorted());
  }
  const value = findings.find(({ rule }) => rule === 'label-value');
  assert.equal(value?.name, 'shop_orders_total');
  assert.equal(value.label, 'result');
  assert.equal(value.value, 'maybe');
  const [file, line] = value.contract?.split(':') ?? [];
  assert.equal(file, wrongContract);
  const declared = readFileSync(join(root, wrongContract), 'utf8').split('\n')[Number(line) - 1];
  assert.match(declared ?? '', /result: \['ok', 'error'\]/);
  assert.doesNotMatch(result.output, /hunter2/);
});

test('a service of a team, with routes of its own, holds the contract that the team has extended', async () => {
  const [port] = await freePorts(1);
  const target = ['--start', 'cli/src/gate/testing/own-service.ts', '--service', 'billing'];
  const contract = ['--contract', 'cli/src/gate/testing/own-contract.ts'];
  const result = await gate(
    ['metrics', 'traces', 'logs', ...target, '--url', `http://127.0.0.1:${port}`, ...contract, '--json'],
    { BILLING_PORT: String(port) },
  );
  const { findings, inspections } = parse(result);
  assert.deepEqual(findings, []);
  assert.equal(result.code, 0);
  assert.deepEqual(
    inspections.map(({ subject, checked }) => [subject, /[1-9]/.test(checked)]),
    ['probes', 'metrics', 'traces', 'logs'].map((subject) => [subject, true]),
  );
});

test('a proxy with its metrics at a port of their own holds the contract there', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-gate-test-'));
  const [port] = await freePorts(1);
  const metricsUrl = `http://127.0.0.1:${port}`;
  const plan = await planServices(['proxy'], { directory, root, environment: process.env });
  const members = plan.members.map((member) =>
    member.name === 'proxy'
      ? {
          ...member,
          metricsUrl,
          environment: { ...member.environment, IBEX_PROXY_METRICS_PORT: String(port) },
        }
      : member,
  );
  const fleet = await startFleet({ ...plan, members });
  try {
    const url = fleet.services.find(({ name }) => name === 'proxy')?.url ?? '';
    const target = ['--url', url, '--credentials', join(directory, 'credentials.json')];
    const report = parse(await gate(['metrics', ...target, '--metrics-url', metricsUrl, '--json']));
    assert.deepEqual(report.findings, []);
    const metrics = report.inspections.find(({ subject }) => subject === 'metrics');
    assert.match(metrics?.checked ?? '', /^[1-9]\d+ metrics, [1-9]\d+ samples$/);
    const { code, errors } = await gate(['metrics', ...target]);
    assert.equal(code, 1);
    assert.match(errors, /\/healthz does not name its service\. .* --metrics-url where its health is\.\n$/);
  } finally {
    await fleet.stop();
    await plan.close();
    rmSync(directory, { recursive: true });
  }
});

test('a service that is not there is one line and exit code 1', async () => {
  const [port] = await freePorts(1);
  const { code, errors } = await gate(['metrics', '--url', `http://127.0.0.1:${port}`]);
  assert.equal(code, 1);
  assert.match(
    errors,
    /^ibex: GET http:\/\/127\.0\.0\.1:\d+\/healthz brought no answer: .*ECONNREFUSED.*\n$/,
  );
});

test('a script that ends before it is ready is told with its last lines', async () => {
  const target = ['--start', 'cli/src/gate/testing/no-such-service.ts', '--service', 'proxy'];
  const { code, errors } = await gate(['metrics', ...target, '--url', 'http://127.0.0.1:1']);
  assert.equal(code, 1);
  assert.match(errors, /Cannot find module/);
  assert.match(errors, /^ibex: proxy ended with exit code 1 before it was ready\.$/m);
});
