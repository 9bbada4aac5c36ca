import { z } from 'zod';
import { endpoints, type Limits, type Scopes } from '../rights.ts';
import { field, wholeNumber } from './validation.ts';

const maximumCount = 1_000_000_000;
const maximumEntries = 100;

const limitFields = {
  requestsPerMinute: wholeNumber(0, maximumCount).optional(),
  tokensPerMinute: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  concurrentRequests: wholeNumber(0, maximumCount).optional(),
  monthlyTokenBudget: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  monthlyCostBudgetMicros: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
} satisfies Record<keyof Limits, unknown>;

const limitsRule = `an object with ${Object.keys(limitFields).join(', ')}`;

/** Without what was left out, so that it replaces nothing. */
function given<Whole>(shape: { readonly [Key in keyof Whole]?: Whole[Key] | undefined }): Partial<Whole> {
  const entries = Object.entries(shape).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Whole>;
}

/** Limits to set; those left out stay as they are, 0 takes one away. */
export const limitsField = z
  .strictObject(limitFields, { error: limitsRule })
  .transform((limits) => given<Limits>(limits))
  .optional();

function isModelPattern(value: unknown): boolean {
  return typeof value === 'string' && /^(?:[\x21-\x7e]{1,200}|\*)$/.test(value) && !/\*./.test(value);
}

const modelsRule = `a list of at most ${maximumEntries} names of models, each of 1 to 200 characters, with * only at the end`;
const endpointsRule = `a list of ${endpoints.join(', ')}`;

function isListOf(value: unknown, test: (entry: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= maximumEntries && value.every(test);
}

/** Scopes to set; a list left out stays as it is, an empty one allows everything. */
export const scopesField = z
  .strictObject(
    {
      models: field<string[]>(modelsRule, (value) => isListOf(value, isModelPattern)).optional(),
      endpoints: field<(typeof endpoints)[number][]>(endpointsRule, (value) =>
        isListOf(value, (entry) => (endpoints as readonly unknown[]).includes(entry)),
      ).optional(),
    },
    { error: 'an object with models and endpoints' },
  )
  .transform((scopes) => given<Scopes>(scopes))
  .optional();
