/** Minutes as people say them after "the": `last 15 minutes`, `last hour`, `last 24 hours`. */
export function rangePhrase(minutes: number): string {
  if (minutes === 60) return 'last hour';
  return minutes % 60 === 0 ? `last ${minutes / 60} hours` : `last ${minutes} minutes`;
}
