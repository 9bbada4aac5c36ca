import type { JsonObject } from '../../json.ts';

/** `thinkingBudget` in tokens, as Google's own chat endpoint translates efforts. */
const budgets: Readonly<Record<string, number>> = { minimal: 1024, low: 1024, medium: 8192, high: 24_576 };
const levels: readonly unknown[] = ['minimal', 'low', 'medium', 'high'];

/** The generation of a model of Gemini by its name, e.g. 2.5; undefined for any other name. */
function generationOf(model: unknown): number | undefined {
  const [, generation] = /^gemini-(\d{1,2}(?:\.\d)?)(?:-|$)/.exec(String(model)) ?? [];
  return generation === undefined ? undefined : Number(generation);
}

/** How hard to think: models of Gemini 3 and later know levels, those of 2.5 budgets, older ones neither. */
export function toThinkingConfig({ model, reasoning_effort: effort }: JsonObject): JsonObject | undefined {
  const generation = generationOf(model) ?? 0;
  if (typeof effort !== 'string' || generation < 2.5) return undefined;
  if (generation >= 3) {
    return levels.includes(effort) ? { thinkingLevel: effort, includeThoughts: true } : undefined;
  }
  if (effort === 'none') return { thinkingBudget: 0 };
  const budget = budgets[effort];
  return budget === undefined ? undefined : { thinkingBudget: budget, includeThoughts: true };
}

/** What Google has documented for calls whose signature is not at hand, such as those of another model. */
const unsigned = 'skip_thought_signature_validator';

/**
 * From Gemini 3 on, the first call of a turn must carry what the model signed of its thoughts. Most clients do not give
 * back what they do not know: their turns would be refused.
 */
export function signFirstCall(parts: readonly JsonObject[], model: unknown): JsonObject[] {
  const first = parts.findIndex(({ functionCall }) => functionCall !== undefined);
  const isSigned = first === -1 || parts[first]?.thoughtSignature !== undefined;
  if (isSigned || (generationOf(model) ?? 0) < 3) return [...parts];
  return parts.map((part, index) => (index === first ? { ...part, thoughtSignature: unsigned } : part));
}
