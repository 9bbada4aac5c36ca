import type { Attributes, AttributeValue } from '../model.ts';

/** Characters of JSON one record's attributes may have; attributes beyond are left out and counted. */
const MAX_CHARACTERS = 262_144;

const DROPPED_COUNT = 'otel.dropped_attributes_count';

/**
 * Attributes as JSON text, in bounds and free of lone surrogates, which a JSON reader refuses. Records of one request
 * share their resource object, so its text is made once.
 */
export class AttributeText {
  readonly #known = new WeakMap<object, string>();
  /** Attributes left out so far. */
  cut = 0;

  encode(attributes: Attributes): string {
    const known = this.#known.get(attributes);
    if (known !== undefined) return known;
    const text = this.#bounded(attributes);
    this.#known.set(attributes, text);
    return text;
  }

  /** A list of events or links; those beyond the bound are left out and counted. */
  encodeList(items: readonly unknown[]): string {
    if (items.length === 0) return '[]';
    const kept: string[] = [];
    let characters = 2;
    for (const item of items) {
      const text = wellFormedJson(item);
      characters += text.length + 1;
      if (characters > MAX_CHARACTERS) break;
      kept.push(text);
    }
    this.cut += items.length - kept.length;
    return `[${kept.join(',')}]`;
  }

  #bounded(attributes: Attributes): string {
    const text = wellFormedJson(attributes);
    if (text.length <= MAX_CHARACTERS) return text;
    const entries = Object.entries(attributes);
    const kept = fitting(entries);
    const dropped = entries.length - kept.length;
    this.cut += dropped;
    const before = typeof attributes[DROPPED_COUNT] === 'number' ? attributes[DROPPED_COUNT] : 0;
    return wellFormedJson(Object.fromEntries([...kept, [DROPPED_COUNT, before + dropped]]));
  }
}

/** The attributes that fit, smallest first, so that one huge value does not push out the others. */
function fitting(entries: [string, AttributeValue][]): [string, AttributeValue][] {
  const sized = entries.map((entry) => ({ entry, characters: JSON.stringify(entry).length }));
  sized.sort((one, other) => one.characters - other.characters);
  const kept: [string, AttributeValue][] = [];
  let left = MAX_CHARACTERS - 100;
  for (const { entry, characters } of sized) {
    left -= characters;
    if (left < 0) break;
    kept.push(entry);
  }
  return kept;
}

function wellFormedJson(value: unknown): string {
  const text = JSON.stringify(value, plainBigint);
  return text.includes('\\ud') ? JSON.stringify(value, wellFormed) : text;
}

/** Event times are bigint, which JSON does not know. */
function plainBigint(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

function wellFormed(key: string, value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return plainBigint(key, value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name.toWellFormed(), inner]));
}
