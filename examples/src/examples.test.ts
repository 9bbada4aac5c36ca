import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';

const directory = import.meta.dirname;
const examples = readdirSync(directory).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
const mostLines = 40;

/** Starts an example on a free port, greets it once, stops it, and gives back every line it wrote. */
async function greet(file: string): Promise<Record<string, unknown>[]> {
  const environment = { PORT: '0', OTEL_SAMPLE_RATIO: '1', PATH: process.env.PATH };
  const child = spawn(process.execPath, [join(directory, file)], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines: Record<string, unknown>[] = [];
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as Record<string, unknown>;
    lines.push(line);
    if (line.msg === 'listening') {
      const { port } = JSON.parse(String(line.address)) as { port: number };
      const answer = await fetch(`http://localhost:${port}/hello`, { headers: { connection: 'close' } });
      assert.equal(await answer.text(), 'hello');
      assert.match(String(answer.headers.get('x-trace-id')), /^[0-9a-f]{32}$/);
    }
    if (line.msg === 'request completed') child.kill('SIGTERM');
  }
  assert.deepEqual(await exited, [0, null]);
  return lines;
}

describe('examples', () => {
  for (const file of examples) {
    test(`${file} runs, answers, and writes its lines under one trace`, async () => {
      const lines = await greet(file);
      const greeting = lines.find(({ msg }) => msg === 'greeting');
      const completed = lines.find(({ msg }) => msg === 'request completed');
      assert.equal(greeting?.trace_id, completed?.trace_id);
      assert.equal(greeting?.request_id, completed?.request_id);
      assert.deepEqual([completed?.route, completed?.status], ['/hello', 200]);
    });

    test(`${file} is short`, () => {
      assert.ok(readFileSync(join(directory, file), 'utf8').split('\n').length < mostLines);
    });
  }
});
