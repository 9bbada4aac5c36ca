import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Baggage, baggageEntryMetadataFromString, propagation } from '@opentelemetry/api';
import { formatBaggage, parseBaggage } from './baggage.ts';

const keys = new Set(['region', 'run', ...Array.from({ length: 100 }, (_, index) => `key${index}`)]);

function read(header: unknown): Record<string, string> {
  const entries = parseBaggage(header, keys)?.getAllEntries() ?? [];
  return Object.fromEntries(entries.map(([key, { value }]) => [key, value]));
}

function baggage(values: Readonly<Record<string, string>>): Baggage {
  return propagation.createBaggage(
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value }])),
  );
}

describe('baggage that comes in', () => {
  test('is taken as far as its keys are allowed', () => {
    assert.deepEqual(read('region=eu,user_id=17,run=a%20b%2Cc'), { region: 'eu', run: 'a b,c' });
    assert.deepEqual(read(' region = eu\t,\trun = 1 '), { region: 'eu', run: '1' });
    assert.deepEqual(read('region=a=b'), { region: 'a=b' });
    assert.equal(parseBaggage('org_id=acme,tenant=acme', keys), undefined);
    assert.equal(parseBaggage('region=eu', new Set()), undefined);
  });

  test('keeps the properties of a member', () => {
    const entry = parseBaggage('region=eu;ttl=1;secret', keys)?.getEntry('region');
    assert.equal(entry?.metadata?.toString(), 'ttl=1;secret');
  });

  test('loses what is malformed or repeated, and nothing else', () => {
    for (const wrong of [
      'region',
      '=eu',
      'region=a"b',
      'region=a\\b',
      'region=%E0%A4%A',
      're gion=1',
      ';',
      '',
    ]) {
      assert.deepEqual(read(`${wrong},run=1`), { run: '1' }, wrong);
    }
    assert.deepEqual(read('region=first,region=second'), { region: 'first' });
    for (const wrong of [undefined, ['region=eu'], 7]) assert.deepEqual(read(wrong), {});
  });

  test('is read to 64 members and 8,192 bytes, and not beyond', () => {
    const members = Array.from({ length: 100 }, (_, index) => `key${index}=1`);
    assert.equal(Object.keys(read(members.join(','))).length, 64);
    const filler = `other=${'x'.repeat(8_000)}`;
    assert.deepEqual(read(`region=eu,${filler},run=1`), { region: 'eu', run: '1' });
    assert.deepEqual(read(`region=eu,${filler},other=${'x'.repeat(300)},run=1`), { region: 'eu' });
    assert.deepEqual(read(`region=${'x'.repeat(9_000)}`), {});
  });
});

describe('baggage that goes out', () => {
  test('is written as far as its keys are allowed, and can be read again', () => {
    const text = formatBaggage(baggage({ region: 'a b,c;d=ü', run: '1', user_id: '17' }), keys);
    assert.equal(text, 'region=a%20b%2Cc%3Bd%3D%C3%BC,run=1');
    assert.deepEqual(read(text), { region: 'a b,c;d=ü', run: '1' });
    assert.equal(formatBaggage(baggage({ user_id: '17' }), keys), undefined);
  });

  test('keeps properties, unless they would end the header', () => {
    const withProperties = (metadata: string) =>
      propagation.createBaggage({
        region: { value: 'eu', metadata: baggageEntryMetadataFromString(metadata) },
      });
    assert.equal(formatBaggage(withProperties('ttl=1;x'), keys), 'region=eu;ttl=1;x');
    assert.equal(formatBaggage(withProperties('a\r\nX-Evil: 1'), keys), 'region=eu');
  });

  test('stays within 64 members and 8,192 bytes, by whole members', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`key${index}`, '1']));
    assert.equal(formatBaggage(baggage(many), keys)?.split(',').length, 64);
    const large = baggage({ region: 'x'.repeat(8_180), key1: 'too much', run: '1' });
    const text = formatBaggage(large, keys) ?? '';
    assert.ok(text.length <= 8_192);
    assert.deepEqual(
      text.split(',').map((member) => member.split('=')[0]),
      ['region'],
    );
    assert.equal(formatBaggage(baggage({ region: '\ud800' }), keys), undefined);
  });
});
