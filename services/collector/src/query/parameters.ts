import { invalidParameter, shown } from './problems.ts';

interface NumberRule {
  minimum: number;
  maximum?: number;
}

interface ListRule {
  maxItems: number;
  maxLength: number;
}

/**
 * Reads a query string by rules. Every mistake is an error that names the parameter, its rule, the present value and
 * what to do; a parameter that is not known is a mistake too, for it would otherwise be ignored in silence.
 */
export class Parameters {
  readonly #values: Map<string, string[]>;

  constructor(query: unknown, known: readonly string[]) {
    this.#values = new Map(Object.entries(Object(query)).map(([name, value]) => [name, textsOf(value)]));
    for (const name of this.#values.keys()) {
      if (known.includes(name)) continue;
      throw invalidParameter(
        known.length === 0
          ? `There is no parameter ${shown(name)}: this address takes none. Leave it out`
          : `There is no parameter ${shown(name)}: the parameters here are ${known.join(', ')}. Leave it out or correct its name`,
      );
    }
  }

  /** Undefined when absent. */
  text(name: string, { maxLength }: { maxLength: number }): string | undefined {
    const value = this.#single(name);
    if (value === undefined) return undefined;
    if (value === '')
      throw invalidParameter(`'${name}' must not be empty. Leave it out to select everything`);
    if (value.length <= maxLength) return value;
    throw invalidParameter(
      `'${name}' must have at most ${maxLength} characters: it has ${value.length}. Shorten it`,
    );
  }

  /** Undefined when absent. */
  matching(name: string, { pattern, rule }: { pattern: RegExp; rule: string }): string | undefined {
    const value = this.#single(name);
    if (value === undefined || pattern.test(value)) return value;
    throw invalidParameter(`'${name}' must be ${rule}: it is ${shown(value)}. Correct it or leave it out`);
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.#single(name);
    const choice = choices.find((known) => known === value);
    if (value === undefined || choice !== undefined) return choice;
    throw invalidParameter(
      `'${name}' must be one of ${choices.join(', ')}: it is ${shown(value)}. Choose one or leave it out`,
    );
  }

  boolean(name: string): boolean | undefined {
    const choice = this.choice(name, ['true', 'false']);
    return choice === undefined ? undefined : choice === 'true';
  }

  integer(name: string, rule: NumberRule): number | undefined {
    return this.#number(name, { ...rule, kind: 'a whole number', pattern: /^[0-9]{1,16}$/ });
  }

  number(name: string, rule: NumberRule): number | undefined {
    return this.#number(name, { ...rule, kind: 'a number', pattern: /^[0-9]{1,16}(\.[0-9]{1,12})?$/ });
  }

  list(name: string, { maxItems, maxLength }: ListRule): string[] {
    const values = this.#values.get(name) ?? [];
    if (values.length > maxItems) {
      throw invalidParameter(
        `'${name}' may be given at most ${maxItems} times: it is given ${values.length} times. Leave some out`,
      );
    }
    for (const value of values) {
      if (value.length <= maxLength) continue;
      throw invalidParameter(
        `'${name}' must have at most ${maxLength} characters: one has ${value.length}. Shorten it`,
      );
    }
    return values;
  }

  /** `key=value` pairs. */
  equalities(name: string, rule: ListRule): { key: string; value: string }[] {
    return this.list(name, rule).map((text) => {
      const separator = text.indexOf('=');
      if (separator > 0) return { key: text.slice(0, separator), value: text.slice(separator + 1) };
      throw invalidParameter(`'${name}' must be of the form key=value: it is ${shown(text)}. Correct it`);
    });
  }

  #number(name: string, rule: NumberRule & { kind: string; pattern: RegExp }): number | undefined {
    const text = this.#single(name);
    if (text === undefined) return undefined;
    const { minimum, maximum = Number.MAX_SAFE_INTEGER } = rule;
    const value = Number(text);
    if (rule.pattern.test(text) && value >= minimum && value <= maximum) return value;
    throw invalidParameter(
      `'${name}' must be ${rule.kind} from ${minimum} to ${maximum}: it is ${shown(text)}. Correct it or leave it out`,
    );
  }

  #single(name: string): string | undefined {
    const values = this.#values.get(name);
    if (values === undefined || values.length === 1) return values?.[0];
    throw invalidParameter(`'${name}' may be given once: it is given ${values.length} times. Choose one`);
  }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
