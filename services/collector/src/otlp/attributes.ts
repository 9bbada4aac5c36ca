import type { Attributes, AttributeValue } from '../model.ts';
import type { DecodeContext } from './decode-context.ts';
import { OTLP_LIMITS } from './limits.ts';

const UNKNOWN_SERVICE = 'unknown_service';

/** Sets an own property whatever its name: a plain assignment to `__proto__` would change the prototype instead. */
export function setAttribute(attributes: Attributes, entry: { key: string; value: AttributeValue }): void {
  if (entry.key !== '__proto__') {
    attributes[entry.key] = entry.value;
    return;
  }
  const property = { value: entry.value, enumerable: true, configurable: true, writable: true };
  Object.defineProperty(attributes, entry.key, property);
}

/** The attributes of one record as they are read: bounded in number, with an account of those left out. */
export class AttributeCollector {
  readonly attributes: Attributes = {};
  /** Left out by the sender or here. */
  dropped = 0;
  #count = 0;
  readonly #context: DecodeContext;

  constructor(context: DecodeContext) {
    this.#context = context;
  }

  /** True when there is room for one more; counts it as dropped when there is not. */
  admit(): boolean {
    if (this.#count < OTLP_LIMITS.attributesPerRecord) {
      this.#count += 1;
      return true;
    }
    this.dropped += 1;
    this.#context.truncate('attribute_count');
    return false;
  }

  /** The attributes, with the number of those left out among them. */
  finish(): Attributes {
    setDroppedCount(this.attributes, 'attributes', this.dropped);
    return this.attributes;
  }
}

/** Notes how much of a record the sender or this collector left out, under the names OpenTelemetry gives it. */
export function setDroppedCount(
  attributes: Attributes,
  kind: 'attributes' | 'events' | 'links',
  count: number,
): void {
  if (count > 0) attributes[`otel.dropped_${kind}_count`] = count;
}

/** `service.name` of a resource, or what OpenTelemetry says stands for a missing one. */
export function serviceNameOf(resource: Attributes, context: DecodeContext): string {
  const name = resource['service.name'];
  if (name === undefined || name === null || name === '') return UNKNOWN_SERVICE;
  return context.boundText(attributeText(name), OTLP_LIMITS.nameLength, 'name_length');
}

/** An attribute as text: strings as they are, everything else as JSON. */
export function attributeText(value: AttributeValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** JSON has no NaN or infinities and the store keeps JSON, so these become the words that OTLP/JSON uses. */
export function doubleValue(value: number): AttributeValue {
  return Number.isFinite(value) ? value : String(value);
}

/** A 64-bit integer as a number while it is exact, as decimal text beyond. */
export function integerValue(value: bigint): AttributeValue {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
