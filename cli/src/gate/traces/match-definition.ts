import type { ContractDefinition, SpanDefinition } from '@ibex/contract';

export interface DefinitionMatch {
  /** Key of the definition, e.g. `http_server`. */
  readonly key: string;
  readonly definition: SpanDefinition;
}

interface Candidate extends DefinitionMatch {
  readonly pattern: RegExp;
  /** Characters of the name that are fixed: the more, the closer it describes a span. */
  readonly literalLength: number;
}

/** Finds the definition a span answers to: by kind and name, the closest description first. */
export function createMatcher(
  contract: ContractDefinition,
): (span: { name: string; kind: string }) => DefinitionMatch | undefined {
  const candidates = Object.entries(contract.spans)
    .map(([key, definition]) => candidateOf(key, definition))
    .toSorted((one, another) => another.literalLength - one.literalLength);
  return ({ name, kind }) =>
    candidates.find(({ definition, pattern }) => definition.kind === kind && pattern.test(name));
}

function candidateOf(key: string, definition: SpanDefinition): Candidate {
  const parts = definition.name.split(/(\{[a-z_]+\})/).filter((part) => part !== '');
  const literals = parts.filter((part) => !part.startsWith('{'));
  const source = parts.map((part, index) => patternOf(part, index)).join('');
  return {
    key,
    definition,
    pattern: new RegExp(`^${source}$`),
    literalLength: literals.join('').length,
  };
}

function patternOf(part: string, index: number): string {
  if (part === '{method}' && index === 0) return '[A-Z]+';
  if (part === '{route}') return '\\S+';
  if (part.startsWith('{')) return '[^\\s/]+';
  return part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
