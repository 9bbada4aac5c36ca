import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const destination = fileURLToPath(new URL('destination.ts', import.meta.url));

/** Runs a script that has `stdout`, a destination, and `lines(count)`; resolves with the lines a slow reader got. */
async function run(script: string, { pauseMs = 0, readable = true } = {}) {
  const source = `
    import { stdoutDestination } from ${JSON.stringify(destination)};
    let drops = 0;
    const stdout = stdoutDestination(() => drops++);
    let next = 0;
    const lines = (count) => {
      for (let index = 0; index < count; index++)
        stdout.write(JSON.stringify({ index: next++, text: 'x'.repeat(300) }) + '\\n');
    };
    ${script}`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', source], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const chunks: Buffer[] = [];
  if (readable) {
    const read = () => child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    if (pauseMs === 0) read();
    else setTimeout(read, pauseMs);
  } else {
    child.stdout.destroy();
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  const text = Buffer.concat(chunks).toString();
  const indices = text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => (JSON.parse(line) as { index: number }).index);
  return { code, errors, indices };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('nothing is lost or mixed up when the process ends', () => {
  const ends = {
    'by process.exit': 'lines(5_000); setImmediate(() => { lines(5_000); process.exit(3); });',
    'by itself': 'lines(5_000); setImmediate(() => lines(5_000)); process.exitCode = 3;',
    'after a flush': 'lines(5_000); stdout.flush(); lines(5_000); stdout.flush(); process.exit(3);',
    'in one turn': 'lines(10_000); process.exit(3);',
  };
  for (const [how, script] of Object.entries(ends)) {
    test(`${how}, read at once or late`, async () => {
      for (const pauseMs of [0, 200]) {
        const { code, indices } = await run(script, { pauseMs });
        assert.equal(code, 3);
        assert.deepEqual(indices, upTo(10_000));
      }
    });
  }

  test('by an exception that nobody caught', async () => {
    const { code, errors, indices } = await run(
      'lines(2_000); setImmediate(() => { throw new Error("unforeseen"); });',
    );
    assert.equal(code, 1);
    assert.match(errors, /unforeseen/);
    assert.deepEqual(indices, upTo(2_000));
  });
});

test('a reader that went away does not end the process', async () => {
  const { code, errors } = await run(
    'setTimeout(() => lines(10), 50); setTimeout(() => { lines(10); process.exit(4); }, 150);',
    { readable: false },
  );
  assert.equal(code, 4, errors);
});

test('a reader that does not keep up costs lines, which are counted, and not memory', async () => {
  const script = `
    for (let round = 0; round < 80; round++) lines(1_000);
    process.stderr.write(String(drops));
    setTimeout(() => process.exit(0), 300);`;
  const { errors, indices } = await run(script, { pauseMs: 200 });
  const drops = Number(errors);
  assert.ok(drops > 10_000, errors);
  assert.equal(indices.length + drops, 80_000);
});

test('a reader that takes nothing does not keep the process from ending', async () => {
  const { code, indices } = await run('lines(10_000); process.exit(5);', { pauseMs: 4_000 });
  assert.equal(code, 5);
  assert.ok(indices.length < 10_000);
});

test('a line of several megabytes comes out whole', async () => {
  const script =
    "stdout.write(JSON.stringify({ index: 0, text: 'ü'.repeat(3_000_000) }) + '\\n'); next = 1; lines(2);";
  const { indices } = await run(script, { pauseMs: 100 });
  assert.deepEqual(indices, [0, 1, 2]);
});

test('a file as standard output gets everything', async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-lines-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'out.log');
  const source = `import { stdoutDestination } from ${JSON.stringify(destination)};
    const stdout = stdoutDestination(() => {});
    for (let index = 0; index < 1000; index++) stdout.write(index + '\\n');`;
  const fd = openSync(file, 'w');
  const { status } = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', source], {
    stdio: ['ignore', fd, 'inherit'],
  });
  closeSync(fd);
  assert.equal(status, 0);
  assert.deepEqual(readFileSync(file, 'utf8').trim().split('\n').map(Number), upTo(1_000));
});
