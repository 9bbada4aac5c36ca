// How long the product takes to be ready, how much memory it holds, and how soon a request is seen.
import { spreadOf } from './harness/median.ts';
import { type HouseRun, runHouses } from './house/run-house.ts';

const targets: Readonly<
  Record<keyof HouseRun, { readonly title: string; readonly unit: string; readonly target: number }>
> = {
  readySeconds: { title: 'warm start to ready', unit: 's', target: 6 },
  residentMegabytes: { title: 'resident memory of the five processes', unit: 'MB', target: 600 },
  firstTraceSeconds: { title: 'first request to its trace in the console', unit: 's', target: 3 },
  stopSeconds: { title: 'Ctrl-C to the end of the last process', unit: 's', target: 5 },
};

const runs = await runHouses(5);
const rows = Object.entries(targets).map(([key, { title, unit, target }]) => {
  const { median, minimum, maximum } = spreadOf(runs.map((run) => run[key as keyof HouseRun]));
  return {
    name: `house-${key}`,
    title,
    unit,
    ibex: median,
    minimum,
    maximum,
    target,
    met: median <= target,
  };
});
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
else {
  for (const row of rows) {
    const spread = `${row.minimum.toFixed(2)} – ${row.maximum.toFixed(2)}`;
    process.stdout.write(
      `${row.met ? 'met   ' : 'missed'}  ${row.title.padEnd(44)} ${row.ibex.toFixed(2)} ${row.unit}  (${spread})  target ${row.target}\n`,
    );
  }
}
