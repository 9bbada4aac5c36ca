import { median } from '../harness/median.ts';

/** An amount at a time. */
export interface Point {
  readonly seconds: number;
  readonly amount: number;
}

/** The medians of the first, the second and the last third. */
export function mediansOfThirds(points: readonly Point[]): readonly [number, number, number] {
  const of = (from: number, to: number) =>
    median(
      points
        .slice(Math.floor((points.length * from) / 3), Math.floor((points.length * to) / 3))
        .map(({ amount }) => amount),
    );
  return [of(0, 1), of(1, 2), of(2, 3)];
}

/**
 * How much came in a minute: the median of the slopes between any two points (Theil and Sen). What grows steadily shows
 * whole; a single step, as an allocator takes memory after a burst, does not.
 */
export function slopePerMinute(points: readonly Point[]): number {
  const slopes = points.flatMap((one, index) =>
    points
      .slice(index + 1)
      .filter(({ seconds }) => seconds > one.seconds)
      .map(({ seconds, amount }) => (amount - one.amount) / (seconds - one.seconds)),
  );
  return slopes.length === 0 ? 0 : median(slopes) * 60;
}
