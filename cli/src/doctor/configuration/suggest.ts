const farthest = 3;

/** The candidate that a name was most likely meant to be; undefined when none is near. */
export function suggest(name: string, candidates: readonly string[]): string | undefined {
  const nearest = candidates
    .map((candidate) => ({ candidate, distance: nearness(name, candidate) }))
    .toSorted((one, other) => one.distance - other.distance)[0];
  return nearest !== undefined && nearest.distance <= farthest ? nearest.candidate : undefined;
}

/** Letters to change; a word too many, too few or in another place counts as one. */
function nearness(name: string, candidate: string): number {
  const words = (text: string) => text.toUpperCase().split('_').toSorted();
  const [own, other] = [words(name), words(candidate)];
  const alone = own.filter((word) => !other.includes(word)).length;
  const missing = other.filter((word) => !own.includes(word)).length;
  const byWords = alone + missing <= 1 && own.length > 2 ? 1 + alone + missing : Number.POSITIVE_INFINITY;
  return Math.min(byWords, editDistance(name.toUpperCase(), candidate));
}

/** Levenshtein's distance, two neighbours changed counting as one. */
function editDistance(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1] ? 0 : 1;
      let cost = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + same);
      const isSwap =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (isSwap) cost = Math.min(cost, at(before, column - 2) + 1);
      current.push(cost);
    }
    before = last;
    last = current;
  }
  return at(last, other.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
