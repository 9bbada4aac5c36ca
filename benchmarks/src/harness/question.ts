/** Prepares a variant and returns the operation that is timed. */
export type Variant = () => Operation | Promise<Operation>;

/** What is timed; `index` counts up so that operations can vary their input. */
export type Operation = (index: number) => unknown;

/** One question, answered by Ibex and its peers on the same work. */
export interface Question {
  /** What is asked, e.g. "counter increment by labels". */
  readonly title: string;
  /** Nanoseconds Ibex should stay at or below. */
  readonly targetNanoseconds: number;
  readonly ibex: Variant;
  /** By the name of the peer. */
  readonly peers: Readonly<Record<string, Variant>>;
}

export function defineQuestions<const Questions extends Readonly<Record<string, Question>>>(
  questions: Questions,
): Questions {
  return questions;
}
