import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStyle, showsColour, showsUnicode } from './style.ts';

test('colour is for terminals, unless the user says otherwise', () => {
  const onTerminal = (environment: NodeJS.ProcessEnv) => showsColour(environment, { isTerminal: true });
  const inPipe = (environment: NodeJS.ProcessEnv) => showsColour(environment, { isTerminal: false });
  assert.equal(onTerminal({}), true);
  assert.equal(onTerminal({ NO_COLOR: '1' }), false);
  assert.equal(onTerminal({ NO_COLOR: '' }), true);
  assert.equal(onTerminal({ TERM: 'dumb' }), false);
  assert.equal(onTerminal({ FORCE_COLOR: '0' }), false);
  assert.equal(inPipe({}), false);
  assert.equal(inPipe({ FORCE_COLOR: '1' }), true);
  assert.equal(inPipe({ FORCE_COLOR: '1', NO_COLOR: '1' }), false);
});

test('symbols are Unicode where the locale is', () => {
  assert.equal(showsUnicode({ LANG: 'en_US.UTF-8' }, 'linux'), true);
  assert.equal(showsUnicode({ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, 'linux'), false);
  assert.equal(showsUnicode({}, 'linux'), false);
  assert.equal(showsUnicode({}, 'darwin'), true);
});

test('a plain style adds nothing', () => {
  assert.equal(createStyle({ colour: false, unicode: false }).red('text'), 'text');
  assert.equal(createStyle({ colour: true, unicode: false }).red('text'), '\u001b[31mtext\u001b[39m');
});
