import { ibexContract } from '@ibex/contract';
import { type Canary, coreOf } from './canary.ts';
import { labelForms, patternForms, spellings, structures, textEncodings } from './forms.ts';

export interface CanariesOptions {
  /** Default: those of the shipped contract. */
  readonly sensitiveKeys?: readonly string[];
  /** Where counting begins, for sets that must not share secrets. Default 0. */
  readonly first?: number;
}

/**
 * A canary for each sensitive key and pattern × carrier × encoding: several thousand for the shipped contract. Each has a
 * secret of its own, so that one that is found tells where it came from.
 */
export function createCanaries({
  sensitiveKeys = ibexContract.sensitiveKeys,
  first = 0,
}: CanariesOptions = {}): Canary[] {
  const canaries: Canary[] = [];
  const add = (make: (core: string) => Omit<Canary, 'core'>) => {
    const core = coreOf(first + canaries.length);
    canaries.push({ ...make(core), core });
  };
  for (const [index, name] of sensitiveKeys.entries()) {
    // Neighbouring keys are spelled differently, so that every spelling meets every carrier.
    const spell = (turn: number) => spellings[(index + turn) % spellings.length]?.(name) ?? name;
    addLabelled(add, spell);
  }
  for (const [name, form] of Object.entries(patternForms)) addPattern(add, { name, form });
  return canaries;
}

type Add = (make: (core: string) => Omit<Canary, 'core'>) => void;

function addLabelled(add: Add, spell: (turn: number) => string): void {
  let turn = 0;
  const labelled = (carrier: string, encoding: string, wrap: (key: string, secret: string) => unknown) =>
    add((core) => {
      const key = spell(turn++);
      return { source: `key ${key}`, key, secret: core, carrier, encoding, value: wrap(key, core) };
    });
  for (const [form, write] of Object.entries(labelForms)) {
    for (const [encoding, encode] of Object.entries(textEncodings)) {
      labelled(`text, ${form}`, encoding, (key, secret) => encode(write(key, secret)));
    }
  }
  for (const [carrier, wrap] of Object.entries(structures)) labelled(carrier, 'plain', wrap);
}

function addPattern(add: Add, { name, form }: { name: string; form: (core: string) => string }): void {
  const known = (carrier: string, encoding: string, wrap: (secret: string) => unknown) =>
    add((core) => {
      const secret = form(core);
      return { source: `pattern ${name}`, key: undefined, secret, carrier, encoding, value: wrap(secret) };
    });
  for (const [encoding, encode] of Object.entries(textEncodings)) {
    known('text', encoding, (secret) => encode(`before ${secret} after`));
  }
  for (const [carrier, wrap] of Object.entries(structures)) {
    known(carrier, 'plain', (secret) => wrap('note', secret));
  }
}
