/** What stands for a share of the requests. */
export interface Weighted {
  readonly target: { readonly weight: number };
}

/**
 * The order in which weighted candidates are asked: the first is drawn by weight, and so is each that follows, among
 * those left. A weight of 0 is asked last.
 */
export function drawOrder<Candidate extends Weighted>(
  candidates: readonly Candidate[],
  random: () => number = Math.random,
): readonly Candidate[] {
  if (candidates.length < 2) return candidates;
  const left = [...candidates];
  const order: Candidate[] = [];
  while (left.length > 0) {
    const [drawn] = left.splice(drawIndex(left, random), 1);
    if (drawn !== undefined) order.push(drawn);
  }
  return order;
}

function drawIndex(candidates: readonly Weighted[], random: () => number): number {
  const total = candidates.reduce((sum, { target }) => sum + target.weight, 0);
  let rest = random() * total;
  for (const [index, { target }] of candidates.entries()) {
    rest -= target.weight;
    if (rest < 0) return index;
  }
  return 0;
}
