import { isObject, type JsonObject } from '../json.ts';

/** A part of an answer: what the model thought, what it says, what it refuses to, or a call of a tool. */
export type Part =
  | { readonly kind: 'reasoning' | 'text' | 'refusal' }
  | { readonly kind: 'call'; readonly id: unknown; readonly name: string };

/** A part begins, which ends the one before it, or the present one grows. */
export type Step = { readonly begin: Part } | { readonly add: string };

interface Growing {
  readonly part: Part;
  /** What waits to be told. */
  waiting: string;
  /** The arguments of a call so far. */
  arguments: string;
  hasBegun: boolean;
}

function isWhole(text: string): boolean {
  if (!text.trimEnd().endsWith('}')) return false;
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

/** Only a call can go on when others have begun, and not when its arguments are a whole object. */
function isOver({ part, arguments: text }: Growing): boolean {
  return part.kind !== 'call' || isWhole(text);
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * The parts of one streamed choice, one after the other: in chunks the arguments of parallel calls may alternate, but in
 * the events of messages and responses a part ends before the next begins. A part waits until those before it are over.
 */
export class PartsInOrder {
  readonly #parts: Growing[] = [];
  readonly #callByIndex = new Map<unknown, Growing>();
  /** Which part is being told. */
  #present = 0;

  /** What the delta of a chunk adds. */
  push(delta: JsonObject): Step[] {
    this.#say('reasoning', reasoningOf(delta));
    this.#say('text', delta.content);
    this.#say('refusal', delta.refusal);
    const calls: readonly unknown[] = Array.isArray(delta.tool_calls) ? delta.tool_calls : [];
    for (const call of calls) if (isObject(call)) this.#call(call);
    return this.#tell(isOver);
  }

  /** What waited for parts that were never over. */
  end(): Step[] {
    return this.#tell(() => true);
  }

  #say(kind: 'reasoning' | 'text' | 'refusal', piece: unknown): void {
    const text = nonEmpty(piece);
    if (text === undefined) return;
    const last = this.#parts.at(-1);
    if (last?.part.kind === kind) last.waiting += text;
    else this.#add({ kind }).waiting = text;
  }

  #call({ index = 0, id, function: called }: JsonObject): void {
    const { name: givenName, arguments: piece } = isObject(called) ? called : {};
    const name = nonEmpty(givenName);
    const text = nonEmpty(piece) ?? '';
    let call = this.#callByIndex.get(index);
    if (name !== undefined && !(call?.part.kind === 'call' && isSame(id, call.part.id))) {
      call = this.#add({ kind: 'call', id, name });
      this.#callByIndex.set(index, call);
    }
    if (call === undefined) return;
    call.arguments += text;
    call.waiting += text;
  }

  #add(part: Part): Growing {
    const growing = { part, waiting: '', arguments: '', hasBegun: false };
    this.#parts.push(growing);
    return growing;
  }

  #tell(isOver: (part: Growing) => boolean): Step[] {
    const steps: Step[] = [];
    for (;;) {
      const present = this.#parts[this.#present];
      if (present === undefined) return steps;
      if (!present.hasBegun) steps.push({ begin: present.part });
      if (present.waiting !== '') steps.push({ add: present.waiting });
      present.hasBegun = true;
      present.waiting = '';
      const isLast = this.#present === this.#parts.length - 1;
      if (isLast || !isOver(present)) return steps;
      this.#present += 1;
    }
  }
}

/** What a model thought, under either name that servers give it. */
export function reasoningOf(delta: JsonObject): string | undefined {
  return nonEmpty(delta.reasoning_content) ?? nonEmpty(delta.reasoning);
}

/** Some servers give each call of a chunk the same index, and some repeat the name of a call with every piece of it. */
function isSame(id: unknown, known: unknown): boolean {
  return nonEmpty(id) === undefined || id === known;
}
