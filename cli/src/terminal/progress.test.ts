import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { until } from '../testing/workspace.ts';
import { Progress } from './progress.ts';
import { Terminal, type TerminalStream } from './terminal.ts';

function output(options: { isTTY: boolean; columns?: number }): {
  stream: TerminalStream;
  text: () => string;
} {
  let text = '';
  const stream = Object.assign(new PassThrough(), options);
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return { stream, text: () => text };
}

test('in a pipe each step that is done is a plain line', () => {
  const { stream, text } = output({ isTTY: false });
  const progress = new Progress(new Terminal(stream, {}));
  progress.begin('auth');
  progress.say('Building.');
  progress.done('auth', 'ready');
  progress.stop();
  assert.match(text(), /^Building\.\n {2}ok auth {9}\d+\.\d s {2}ready\n$/);
});

test('a terminal also sees what is waited for, within its width, and nothing of it afterwards', async () => {
  const { stream, text } = output({ isTTY: true, columns: 40 });
  const progress = new Progress(new Terminal(stream, { TERM: 'xterm', LANG: 'C.UTF-8' }));
  progress.begin('auth');
  progress.begin('a step with quite a long name indeed');
  await until(
    () => text().includes('waiting for auth'),
    () => `the waiting line in ${text()}`,
  );
  progress.stop();
  for (const line of text().split('\r')) assert.ok(stripVTControlCharacters(line).length <= 40, line);
  assert.ok(text().endsWith('\r\u001b[2K'));
});

test('no line is redrawn where it cannot be', () => {
  for (const environment of [{ TERM: 'dumb' }, { CI: 'true' }]) {
    assert.equal(new Terminal(output({ isTTY: true }).stream, environment).isInteractive, false);
  }
});
