/** A value that is there, or a promise of it: what is nearly always known at once is worth no turn of the event loop. */
export type NowOrLater<Value> = Value | Promise<Value>;

/** What `next` makes of the value, as soon as it is there. */
export function whenKnown<Value, Result>(
  value: NowOrLater<Value>,
  next: (value: Value) => Result,
): NowOrLater<Result> {
  return value instanceof Promise ? value.then(next) : next(value);
}
