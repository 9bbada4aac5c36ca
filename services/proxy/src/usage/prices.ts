import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { readSection } from '../config-field.ts';
import type { Served, Usage } from '../providers/call-report.ts';

const maximumPrices = 1_000;
const maximumPriceUsd = 10_000;
const microsPerUsd = 1_000_000;
const tokensPerPrice = 1_000_000;
const rememberedModels = 1_000;

/** Micro-dollars for a million tokens. */
interface Price {
  readonly input: number;
  readonly output: number;
  readonly cachedInput: number;
  readonly cacheWrite: number;
  readonly reasoning: number;
}

const usd = z.number().min(0).max(maximumPriceUsd);
const modelPattern = /^[^*]{1,255}\*?$/;
const priceSchema = z.strictObject({
  input: usd,
  output: usd.default(0),
  cached_input: usd.optional(),
  cache_write: usd.optional(),
  reasoning: usd.optional(),
});
const pricesSchema = z
  .record(
    z.string().regex(modelPattern, 'the name of a model of at most 255 characters; * only at its end'),
    priceSchema,
  )
  .refine((prices) => Object.keys(prices).length <= maximumPrices, `at most ${maximumPrices} models`)
  .default({});

/** Whole micro-dollars, so that sums of prices are exact. */
function micros(price: number): number {
  return Math.round(price * microsPerUsd);
}

function priceOf(entry: z.output<typeof priceSchema>): Price {
  return {
    input: micros(entry.input),
    output: micros(entry.output),
    cachedInput: micros(entry.cached_input ?? entry.input),
    cacheWrite: micros(entry.cache_write ?? entry.input),
    reasoning: micros(entry.reasoning ?? entry.output),
  };
}

/** What was asked for, by whose names. */
export interface PricedCall {
  readonly served: Served;
  /** As the client asked for it. */
  readonly model: string;
}

/** What models cost, as the configuration says. */
export class PriceTable {
  readonly #exact = new Map<string, Price>();
  readonly #prefixes: { readonly prefix: string; readonly price: Price }[] = [];
  readonly #known = new LRUCache<string, { readonly price: Price | undefined }>({ max: rememberedModels });

  constructor(prices: z.output<typeof pricesSchema>) {
    for (const [model, entry] of Object.entries(prices)) {
      if (model.endsWith('*')) this.#prefixes.push({ prefix: model.slice(0, -1), price: priceOf(entry) });
      else this.#exact.set(model, priceOf(entry));
    }
    this.#prefixes.sort((one, other) => other.prefix.length - one.prefix.length);
  }

  /** The cost in whole micro-dollars, rounded once for the call; undefined where the model has no price. */
  costMicros(call: PricedCall, usage: Usage | undefined): number | undefined {
    if (usage === undefined) return undefined;
    const price = this.#priceOf(call);
    if (price === undefined) return undefined;
    const { cacheReadTokens = 0, cacheWriteTokens = 0, reasoningTokens = 0 } = usage;
    const inputTokens = Math.max(0, usage.inputTokens - cacheReadTokens - cacheWriteTokens);
    const outputTokens = Math.max(0, usage.outputTokens - reasoningTokens);
    const total =
      inputTokens * price.input +
      cacheReadTokens * price.cachedInput +
      cacheWriteTokens * price.cacheWrite +
      outputTokens * price.output +
      reasoningTokens * price.reasoning;
    return Math.round(total / tokensPerPrice);
  }

  #priceOf({ served, model }: PricedCall): Price | undefined {
    const key = `${served.provider}\n${served.model}\n${model}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known.price;
    const price = this.#find([`${served.provider}/${served.model}`, served.model, model]);
    this.#known.set(key, { price });
    return price;
  }

  /** Exact names before prefixes, longer prefixes before shorter ones; of names the first. */
  #find(names: readonly string[]): Price | undefined {
    const exact = names.find((name) => this.#exact.has(name));
    if (exact !== undefined) return this.#exact.get(exact);
    return this.#prefixes.find(({ prefix }) => names.some((name) => name.startsWith(prefix)))?.price;
  }
}

/**
 * The section `prices` of `config.yaml`: US dollars for a million tokens.
 *
 * @throws {SettingsError} naming the field as the operator wrote it.
 */
export function readPrices(config: Readonly<Record<string, unknown>>): PriceTable {
  return new PriceTable(readSection('prices', pricesSchema, config.prices));
}
