import type { ExpositionFormat } from './format.ts';

/** The media types of the two formats, as an answer states them. */
export const contentTypes: Readonly<Record<ExpositionFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

const offers = [
  { format: 'text', type: 'text/plain', version: '0.0.4' },
  { format: 'openmetrics', type: 'application/openmetrics-text', version: '1.0.0' },
] as const;
type Offer = (typeof offers)[number];

/** One item of `Accept`. */
interface MediaRange {
  readonly type: string;
  /** Absent where every version will do. */
  readonly version: string | undefined;
  /** 0 to 1; 0 refuses. */
  readonly quality: number;
}

interface Match {
  readonly quality: number;
  /** How closely the range names the offer: 0 for anything, 3 for type and version. */
  readonly precision: number;
}

const maximumRanges = 64;
const qualityPattern = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;
const refused: Match = { quality: 0, precision: -1 };

/**
 * The format that an `Accept` header asks for (RFC 9110, section 12.5.1): the one of the highest quality; of two alike
 * the one that is named more closely, then text. A client that takes neither gets text, as from the Prometheus clients.
 */
export function negotiateFormat(accept: string | undefined): ExpositionFormat {
  const ranges = (accept ?? '').split(',', maximumRanges).flatMap(parseRange);
  const [text, openMetrics] = offers.map((offer) => matchOf(offer, ranges)) as [Match, Match];
  if (openMetrics.quality === 0 || openMetrics.quality < text.quality) return 'text';
  if (openMetrics.quality > text.quality) return 'openmetrics';
  return openMetrics.precision > text.precision ? 'openmetrics' : 'text';
}

function parseRange(text: string): MediaRange[] {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  if (type === '') return [];
  const values = new Map(parameters.map((parameter) => splitParameter(parameter)));
  return [{ type, version: values.get('version'), quality: qualityOf(values.get('q')) }];
}

function splitParameter(parameter: string): readonly [string, string] {
  const [name = '', value = ''] = parameter.split('=', 2).map((part) => part.trim());
  return [name, value.replace(/^"(.*)"$/, '$1')];
}

/** What is no quality refuses: it must not win over what is one. */
function qualityOf(text: string | undefined): number {
  if (text === undefined) return 1;
  return qualityPattern.test(text) ? Number(text) : 0;
}

/** The closest range decides for an offer, whatever others say. */
function matchOf(offer: Offer, ranges: readonly MediaRange[]): Match {
  const matches = ranges.flatMap((range) => {
    const precision = precisionOf(offer, range);
    return precision === undefined ? [] : [{ quality: range.quality, precision }];
  });
  return (
    matches.toSorted((one, other) => other.precision - one.precision || other.quality - one.quality)[0] ??
    refused
  );
}

function precisionOf(offer: Offer, { type, version }: MediaRange): number | undefined {
  if (version !== undefined) return type === offer.type && version === offer.version ? 3 : undefined;
  if (type === offer.type) return 2;
  if (type === `${offer.type.split('/')[0]}/*`) return 1;
  return type === '*/*' ? 0 : undefined;
}
