import { type Canary, coreStart } from './canary.ts';

/** A canary that was found where it must not be. */
export interface Leak {
  readonly canary: Canary | undefined;
  readonly sink: string;
  /** How it was found: `plain`, `base64` or `hex`. */
  readonly foundAs: string;
  /** The text around it. */
  readonly context: string;
}

/** Each begins with fixed letters, which are searched for fast; a sink can be some hundred megabytes. */
const plainCores = [
  new RegExp(`${coreStart}[A-Z2-7]{10}`, 'g'),
  new RegExp(`${coreStart.toLowerCase()}[a-z2-7]{10}`, 'g'),
];
const wholeCore = new RegExp(`${coreStart}[A-Z2-7]{10}`);
const coreAsHex = Buffer.from(coreStart).toString('hex');
const hexStarts = [new RegExp(coreAsHex, 'g'), new RegExp(coreAsHex.toUpperCase(), 'g')];
/** The characters of base64 that the start of a core always becomes, by how many bytes stand before it in its group. */
const base64Starts = [0, 1, 2].map((before) => {
  const text = Buffer.from('\0'.repeat(before) + coreStart).toString('base64');
  const skipped = Math.ceil((before * 8) / 6);
  const whole = Math.floor(((before + coreStart.length) * 8) / 6);
  return { skipped, expression: new RegExp(text.slice(skipped, whole), 'g') };
});
const encodedLength = 48;
const shownContext = 60;

/** Searches a sink's text for canaries: plainly in either case, in base64 of either alphabet and alignment, and in hex. */
export function findCanaries(
  canaries: ReadonlyMap<string, Canary>,
  { sink, text }: { sink: string; text: string },
): Leak[] {
  const leaks: Leak[] = [];
  const report = (foundAs: string, { core, index }: { core: string; index: number }) => {
    const context = text.slice(Math.max(0, index - shownContext), index + shownContext);
    leaks.push({ canary: canaries.get(core.toUpperCase()), sink, foundAs, context });
  };
  for (const { 0: core, index } of plainCores.flatMap((each) => [...text.matchAll(each)])) {
    report('plain', { core, index });
  }
  for (const { skipped, expression } of base64Starts) {
    for (const { index } of text.matchAll(expression)) {
      const bytes = Buffer.from(text.slice(index - skipped, index - skipped + encodedLength), 'base64');
      report('base64', { core: coreIn(bytes), index });
    }
  }
  for (const { index } of hexStarts.flatMap((each) => [...text.matchAll(each)])) {
    report('hex', { core: coreIn(Buffer.from(text.slice(index, index + 32), 'hex')), index });
  }
  return leaks;
}

function coreIn(bytes: Buffer): string {
  return bytes.toString('latin1').match(wholeCore)?.[0] ?? '';
}

/** The canaries by their core. */
export function byCore(canaries: readonly Canary[]): ReadonlyMap<string, Canary> {
  return new Map(canaries.map((canary) => [canary.core, canary]));
}

/** One leak in words: whose secret, how it was carried and written, and where it came out. */
export function describeLeak({ canary, sink, foundAs, context }: Leak): string {
  const where = `in the sink "${sink}" as ${foundAs}: …${JSON.stringify(context)}…`;
  if (canary === undefined) return `A canary that is not of this run, found ${where}`;
  return `The secret of ${canary.source}, carried by ${canary.carrier}, written ${canary.encoding}, was found ${where}`;
}

const shownKinds = 20;

/** Many leaks in words: one of each sink, carrier and encoding, with how many there are of its kind. */
export function describeLeaks(leaks: readonly Leak[]): string {
  const kinds = Map.groupBy(leaks, ({ canary, sink, foundAs }) =>
    JSON.stringify([sink, canary?.carrier, canary?.encoding, canary?.key === undefined, foundAs]),
  );
  const shown = [...kinds.values()]
    .slice(0, shownKinds)
    .flatMap(([first, ...more]) =>
      first === undefined
        ? []
        : [`- ${describeLeak(first)}${more.length === 0 ? '' : ` and ${more.length} alike`}`],
    );
  const rest = kinds.size > shownKinds ? `\n- and ${kinds.size - shownKinds} further kinds` : '';
  return shown.join('\n') + rest;
}
