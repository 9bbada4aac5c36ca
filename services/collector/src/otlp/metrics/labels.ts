import type { Attributes } from '../../model.ts';
import { attributeText } from '../attributes.ts';
import { OTLP_LIMITS } from '../limits.ts';
import type { Destination } from '../origin.ts';
import { labelName } from './names.ts';

/**
 * The labels of a series: the point's attributes, `service` and, when the resource has a `service.instance.id`,
 * `instance`, without which the series of two processes of one service would be one. Sorted by name.
 */
export function seriesLabels(
  attributes: Attributes,
  { origin, context }: Destination,
): Record<string, string> {
  const labels = new Map<string, string>();
  for (const [key, value] of Object.entries(attributes)) {
    if (labels.size >= OTLP_LIMITS.labelsPerSeries) {
      context.truncate('attribute_count');
      break;
    }
    const text = context.boundText(attributeText(value), OTLP_LIMITS.labelLength, 'attribute_length');
    if (text !== '' && key !== '') addLabel(labels, { name: freeName(labelName(key)), text });
  }
  labels.set('service', origin.serviceName);
  const instance = origin.resource['service.instance.id'];
  if (instance !== undefined && instance !== null)
    labels.set('instance', attributeText(instance).slice(0, OTLP_LIMITS.labelLength));
  return Object.fromEntries([...labels].sort(byName));
}

/** The labels with one more, still sorted. A label of that name gives way: `le` and `quantile` belong to the format. */
export function withLabel(
  labels: Record<string, string>,
  { name, value }: { name: string; value: string },
): Record<string, string> {
  const entries = Object.entries(labels).filter(([other]) => other !== name);
  return Object.fromEntries([...entries, [name, value] as const].sort(byName));
}

const OWN_LABELS: ReadonlySet<string> = new Set(['service', 'instance']);

/** A sender's label that has the name of ours is kept under another name, as Prometheus does. */
export function freeName(name: string): string {
  return OWN_LABELS.has(name) ? `exported_${name}` : name;
}

/** Attributes whose keys become the same label name share it, their values joined. */
function addLabel(labels: Map<string, string>, { name, text }: { name: string; text: string }): void {
  const present = labels.get(name);
  labels.set(name, present === undefined ? text : `${present};${text}`);
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
