import type { z } from 'zod';
import { describe, isObject, quote } from './json.ts';

type Issue = z.core.$ZodIssue;

/** Fields whose values are not shown: keys, and URLs, which may hold one. */
const secret = /key|url/;

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (parent, key) => (typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : undefined),
    value,
  );
}

function shown(value: unknown, field: string): string {
  if (secret.test(field)) return value === undefined ? 'missing' : `a ${typeof value}`;
  return typeof value === 'string' && value !== '' ? quote(value) : describe(value);
}

function withArticle(noun: string): string {
  return /^[aeio]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}

/** What a kind of value is called in YAML. */
const nouns: Readonly<Record<string, string>> = {
  array: 'list',
  object: 'table',
  record: 'table',
  int: 'whole number',
};

function bounds(word: 'at least' | 'at most', origin: string, limit: unknown): string {
  if (origin === 'array') return `have ${word} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  if (origin === 'string') return `have ${word} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  return `be ${word} ${limit}`;
}

function ruleOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${withArticle(nouns[issue.expected] ?? issue.expected)}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'too_small':
      return `must ${bounds('at least', issue.origin, issue.minimum)}`;
    case 'too_big':
      return `must ${bounds('at most', issue.origin, issue.maximum)}`;
    default:
      return `must be ${issue.message}`;
  }
}

/** What is wrong with a field of a value that was checked: the rule, and what stands there. */
export function faultOf(issue: Issue, value: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => quote(key)).join(', ');
    return `has no such field: ${names}. Correct the name, or take it out.`;
  }
  const found = valueAt(value, issue.path);
  const field = String(issue.path.at(-1) ?? '');
  const count = Array.isArray(found) && issue.code !== 'invalid_type' ? `${found.length}` : undefined;
  if (count !== undefined) return `${ruleOf(issue)}: it has ${count}.`;
  return `${ruleOf(issue)}: it is ${isObject(found) ? 'a table' : shown(found, field)}.`;
}
