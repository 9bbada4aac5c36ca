/** The objective of the gateway's own time, in seconds: a bucket of the histogram. */
export const objectiveSeconds = 0.003;

const family = 'ibex_proxy_overhead_duration_seconds';
const withinObjective = new RegExp(`^${family}_bucket\\{.*le="${objectiveSeconds}".*\\} (\\d+)`, 'gm');
const ofAll = new RegExp(`^${family}_count(?:\\{.*\\})? (\\d+)`, 'gm');

/** Calls so far, and those of them for which the gateway itself took no longer than the objective. */
export interface OwnOverhead {
  readonly within: number;
  readonly all: number;
}

function sum(text: string, lines: RegExp): number {
  return [...text.matchAll(lines)].reduce((total, [, count]) => total + Number(count), 0);
}

/** What the gateway's own histogram says, without the provider's time and the client's; undefined where it has none. */
export async function readOwnOverhead(port: number): Promise<OwnOverhead | undefined> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  const text = await answer.text();
  const all = answer.ok ? sum(text, ofAll) : 0;
  return all === 0 ? undefined : { within: sum(text, withinObjective), all };
}
