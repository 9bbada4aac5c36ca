import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { readPorts } from '../settings/ports.ts';
import { bannerLines } from './banner.ts';
import { createStyle } from './style.ts';

const facts = {
  ports: readPorts({}),
  apiKey: `ibex_0123456789abcdef_${'k'.repeat(43)}`,
  loginUrl: `http://127.0.0.1:8090/login/${'c'.repeat(43)}`,
  consoleUrl: 'http://127.0.0.1:8090',
  dataDirectory: '/home/me/ibex/.ibex',
  credentialsFile: '/home/me/ibex/.ibex/credentials.json',
  readySeconds: 3.21,
};

function banner(options: { colour: boolean; isInteractive: boolean }): string[] {
  const style = createStyle({ colour: options.colour, unicode: true });
  return bannerLines(facts, { style, isInteractive: options.isInteractive });
}

test('on a terminal it fits in 100 columns', () => {
  for (const line of banner({ colour: true, isInteractive: true })) {
    assert.ok(stripVTControlCharacters(line).length <= 100, line);
  }
});

test('colours change nothing but colours', () => {
  assert.deepEqual(
    banner({ colour: true, isInteractive: true }).map((line) => stripVTControlCharacters(line)),
    banner({ colour: false, isInteractive: true }),
  );
});

test('it tells the key, the link, the place of the data and how to stop', () => {
  const text = banner({ colour: false, isInteractive: true }).join('\n');
  for (const part of [
    facts.apiKey,
    facts.loginUrl,
    facts.dataDirectory,
    facts.credentialsFile,
    'Ctrl-C',
    '3.2 s',
  ]) {
    assert.ok(text.includes(part), part);
  }
});

test('the folded request and the one-line request are the same command', () => {
  const folded = banner({ colour: false, isInteractive: true });
  const start = folded.findIndex((line) => line.includes('curl'));
  const command = folded
    .slice(start, start + 4)
    .map((line) => line.trim().replace(/ \\$/, ''))
    .join(' ');
  const oneLine = banner({ colour: false, isInteractive: false }).find((line) => line.includes('curl'));
  assert.equal(oneLine?.trim(), command);
  assert.equal(
    folded.slice(start, start + 3).every((line) => line.endsWith(' \\')),
    true,
  );
});
