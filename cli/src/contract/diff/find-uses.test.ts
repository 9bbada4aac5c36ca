import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ContractDefinition, ibexContract } from '@ibex/contract';
import { diffContracts } from './diff-contracts.ts';
import { findUses } from './find-uses.ts';
import { changed, type Mutable, present } from './testing/changed-contract.ts';

const tokens = 'ibex_auth_validate_token_duration_seconds';

test('alerts, recording rules, dashboards and other consumers are named', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-diff-'));
  mkdirSync(join(directory, 'deploy'));
  const write = (name: string, text: string) => writeFileSync(join(directory, 'deploy', name), text);
  write(
    'rules.yaml',
    `groups:
  - name: auth
    rules:
      - alert: TokensSlow
        expr: histogram_quantile(0.95, sum by (le) (rate(${tokens}_bucket{result="ok"}[5m]))) > 0.02
      - record: tokens:revoked
        expr: sum(rate(${tokens}_count{result="revoked"}[5m]))
      - alert: Unrelated
        expr: up == 0
`,
  );
  write(
    'auth.json',
    JSON.stringify({
      title: 'Auth',
      panels: [
        {
          title: 'Tokens',
          panels: [{ title: 'Revoked', targets: [{ expr: `${tokens}_count{result="revoked"}` }] }],
        },
      ],
    }),
  );
  write('report.py', `import os\nquery = '${tokens}_sum'\n`);
  const uses = findUses(['deploy'], directory);
  const dependents = (change: (contract: Mutable<ContractDefinition>) => void) =>
    diffContracts(ibexContract, changed(change), uses)
      .flatMap(({ affects }) => affects)
      .filter(({ kind }) => kind !== 'objective')
      .map(({ kind, name, at }) => `${kind} ${name} ${at}`);
  assert.deepEqual(
    dependents(({ metrics }) => delete metrics[tokens]),
    [
      'dashboard Auth › Revoked deploy/auth.json',
      'consumer deploy/report.py deploy/report.py:2',
      'alert TokensSlow deploy/rules.yaml:4',
      'recording rule tokens:revoked deploy/rules.yaml:6',
    ],
  );
  assert.deepEqual(
    dependents(({ metrics }) => {
      present(metrics[tokens]).labels.result = ['ok', 'error'];
    }),
    ['dashboard Auth › Revoked deploy/auth.json', 'recording rule tokens:revoked deploy/rules.yaml:6'],
  );
  rmSync(directory, { recursive: true });
});
