import type { MetricMetadata, MetricSample } from '../../model.ts';
import { freeName } from '../../otlp/metrics/labels.ts';
import { boundText, unitFromName } from '../../otlp/metrics/names.ts';
import type { Exposition, ScrapedSample } from './exposition.ts';

/** Something that exposes metrics. */
export interface ScrapeTarget {
  /** The label `service` of everything it exposes. */
  service: string;
  url: string;
}

/** How a scrape went. */
export interface ScrapeResult {
  timeUnixMs: number;
  durationSeconds: number;
  /** Undefined when the scrape failed. */
  exposition: Exposition | undefined;
}

/** What the scraper itself says about a target, under the names Prometheus gives it. */
const OWN_METADATA: readonly MetricMetadata[] = [
  { name: 'up', type: 'gauge', unit: '', help: 'Whether the last scrape of the target succeeded.' },
  { name: 'scrape_duration_seconds', type: 'gauge', unit: 'seconds', help: 'How long the last scrape took.' },
  { name: 'scrape_samples_scraped', type: 'gauge', unit: '', help: 'Samples the target exposed.' },
];

/** The samples of a scrape: the target's, with the labels `service` and `instance`, and the scraper's own. */
export function samplesOf(
  target: ScrapeTarget,
  { timeUnixMs, durationSeconds, exposition }: ScrapeResult,
): MetricSample[] {
  const own = { service: target.service, instance: new URL(target.url).host };
  const samples: MetricSample[] = [];
  for (const sample of exposition?.samples ?? []) {
    if (Number.isNaN(sample.value)) continue;
    const labels = labelsOf(sample, own);
    samples.push({
      name: sample.name,
      labels,
      timeUnixMs: sample.timeUnixMs ?? timeUnixMs,
      value: sample.value,
    });
  }
  const labels = { instance: own.instance, service: own.service };
  samples.push({ name: 'up', labels, timeUnixMs, value: exposition === undefined ? 0 : 1 });
  samples.push({ name: 'scrape_duration_seconds', labels, timeUnixMs, value: durationSeconds });
  samples.push({
    name: 'scrape_samples_scraped',
    labels,
    timeUnixMs,
    value: exposition?.samples.length ?? 0,
  });
  return samples;
}

/** What the families of a scrape are. */
export function metadataOf({ exposition }: Pick<ScrapeResult, 'exposition'>): MetricMetadata[] {
  const families = (exposition?.families ?? []).map((family) => ({
    ...family,
    unit: exposition?.units.get(family.name) ?? unitFromName(family.name),
  }));
  return [...families, ...OWN_METADATA];
}

function labelsOf(
  { labels }: ScrapedSample,
  own: { service: string; instance: string },
): Record<string, string> {
  const entries: [string, string][] = [];
  for (const [name, value] of labels) {
    if (value === '') continue;
    entries.push([freeName(name), name === 'le' || name === 'quantile' ? normalBound(value) : value]);
  }
  entries.push(['service', own.service], ['instance', own.instance]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** One text for one number: `1.0` of one client library and `1` of another are the same bucket. */
function normalBound(text: string): string {
  if (/^\+?inf$/i.test(text)) return '+Inf';
  const bound = Number(text);
  return Number.isNaN(bound) ? text : boundText(bound);
}
