import type { SelectedSeries } from './select-series.ts';

/** Series that agree on the kept labels. */
export interface Group {
  labels: Record<string, string>;
  series: SelectedSeries[];
}

/** Groups series by the labels to keep, in the order of their values; a label that is absent or empty is left out. */
export function groupSeries(series: readonly SelectedSeries[], by: readonly string[]): Group[] {
  const groups = new Map<string, Group>();
  for (const one of series) {
    const kept = by.map((name) => [name, one.labels[name] ?? ''] as const);
    const key = JSON.stringify(kept);
    const group = groups.get(key) ?? {
      labels: Object.fromEntries(kept.filter(([, value]) => value !== '')),
      series: [],
    };
    groups.set(key, group);
    group.series.push(one);
  }
  const ordered = [...groups].sort(([one], [other]) => (one < other ? -1 : 1));
  return ordered.map(([, group]) => group);
}
